/** Where the program is that starts the server, see {@link START_SCRIPT}. */
export const START_PATH = '/etc/mlflow/start.py';

/** How long a migration waits for a lock that others hold; all who want the same table wait behind it. */
export const LOCK_TIMEOUT_SECONDS = 10;

/**
 * Brings the databases to the schema of the release that runs, gives the administrator the configured password, then
 * becomes the server, which is its arguments.
 *
 * - One server at a time migrates, under an advisory lock of PostgreSQL; the others wait, and find it done. MLflow's own
 *   start would make missing tables too, but all replicas at once, and it migrates no tracking database that has them all.
 * - Each database is migrated in one transaction, so that a failure leaves it as it was. The container ends then, and
 *   does not get ready.
 * - MLflow sets the administrator's password on an empty database only; one that a destroy has kept has an older one.
 */
export const START_SCRIPT = `import ast
import configparser
import importlib.metadata
import importlib.util
import os
import pathlib
import sys
import time
import traceback

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from werkzeug.security import check_password_hash, generate_password_hash

LOCK_KEY = int.from_bytes(b"mlterra", "big")
CONNECT_SECONDS = 60


def say(message):
    print(f"mlterra: {message}", file=sys.stderr, flush=True)


def connect(url):
    """A connection without a transaction; a database that starts at the same time may take a while."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if time.monotonic() > deadline:
                sys.exit(f"mlterra: no connection to the database {engine.url.database}: {reason(error, url)}")
            time.sleep(1)


def reason(error, url):
    words = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return words.splitlines()[0].replace(create_engine(url).url.password or "\\0", "***")


def known_revisions(package, folder):
    """All revisions of a schema in a release, and the newest. Importing MLflow to ask it takes seconds."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        sys.exit(f"mlterra: the Python package {package} is not installed beside MLflow: run an image that has it")
    known, older = set(), set()
    for path in pathlib.Path(spec.submodule_search_locations[0], folder).glob("*.py"):
        named = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if getattr(target, "id", None) in ("revision", "down_revision"):
                    named[target.id] = ast.literal_eval(node.value)
        if "revision" in named:
            known.add(named["revision"])
            before = named.get("down_revision")
            older.update([before] if isinstance(before, str) else before or [])
    heads = known - older
    if len(heads) != 1:
        sys.exit(f"mlterra: the migrations of {package} end in {len(heads)} revisions instead of one")
    return known, heads.pop()


class Database:
    def __init__(self, name, url, package, folder, version_table, upgrade):
        self.name = name
        self.url = url
        self.package = package
        self.version_table = version_table
        self.upgrade = upgrade
        self.known, self.newest = known_revisions(package, folder)

    def revision(self):
        with connect(self.url) as connection:
            if not inspect(connection).has_table(self.version_table):
                return None
            return connection.execute(text(f"SELECT version_num FROM {self.version_table}")).scalar()

    def migrate(self):
        found = self.revision()
        if found == self.newest:
            return
        release = f"{self.package} {importlib.metadata.version(self.package.replace('_', '-'))}"
        if found is not None and found not in self.known:
            sys.exit(
                f"mlterra: the {self.name} has the schema {found}, which {release} does not know: a newer release "
                "has migrated it. Run that one again, or restore a backup from before it."
            )
        say(f"{release} migrates the {self.name} from the schema {found or '(empty)'} to {self.newest}")
        try:
            self.upgrade(self.url)
        except Exception as error:
            traceback.print_exc()
            sys.exit(f"mlterra: the {self.name} could not be migrated and is as it was: {reason(error, self.url)}")
        say(f"the {self.name} is migrated")


def upgrade_tracking(url):
    from mlflow.db import upgrade

    upgrade.callback(url)


def upgrade_users(url):
    from mlflow.server.auth.db.cli import upgrade

    upgrade.callback(url, "head")


def upgrade_oidc_users(url):
    from mlflow_oidc_auth.db.cli import upgrade

    upgrade.callback(url, "head")


def migrate(databases):
    if all(database.revision() == database.newest for database in databases):
        return
    options = os.environ.get("PGOPTIONS")
    os.environ["PGOPTIONS"] = f"{options or ''} -c lock_timeout=${LOCK_TIMEOUT_SECONDS}s".strip()
    # The lock is the connection's: it ends with this process, however that ends.
    with connect(databases[0].url) as lock:
        waits = False
        while not lock.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}).scalar():
            if not waits:
                say("another server migrates the databases: waiting for it")
            waits = True
            time.sleep(1)
        for database in databases:
            database.migrate()
    del os.environ["PGOPTIONS"]
    if options is not None:
        os.environ["PGOPTIONS"] = options


def set_admin_password(settings):
    with connect(settings["database_uri"]) as connection:
        user = {"name": settings["admin_username"]}
        select = text("SELECT password_hash FROM users WHERE username = :name")
        found = connection.execute(select, user).scalar()
        if found is not None and not check_password_hash(found, settings["admin_password"]):
            user["hash"] = generate_password_hash(settings["admin_password"])
            connection.execute(text("UPDATE users SET password_hash = :hash WHERE username = :name"), user)


tracking = Database(
    "tracking database",
    os.environ["MLFLOW_BACKEND_STORE_URI"],
    "mlflow",
    "store/db_migrations/versions",
    "alembic_version",
    upgrade_tracking,
)
oidc_url = os.environ.get("OIDC_USERS_DB_URI")
if oidc_url is not None:
    users = Database(
        "database of users",
        oidc_url,
        "mlflow_oidc_auth",
        "db/migrations/versions",
        "alembic_version",
        upgrade_oidc_users,
    )
    migrate([tracking, users])
else:
    config = configparser.ConfigParser()
    config.read(os.environ["MLFLOW_AUTH_CONFIG_PATH"])
    settings = config["mlflow"]
    users = Database(
        "database of users",
        settings["database_uri"],
        "mlflow",
        "server/auth/db/migrations/versions",
        "alembic_version_auth",
        upgrade_users,
    )
    migrate([tracking, users])
    set_admin_password(settings)
os.execvp(sys.argv[1], sys.argv[1:])
`;
