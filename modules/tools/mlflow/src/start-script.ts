/** Where a container finds {@link START_SCRIPT}. */
export const START_PATH = '/etc/mlflow/start.py';

/**
 * Gives the administrator the password of the configuration file, then becomes the server, which is its arguments. MLflow
 * itself sets that password on an empty database only; a database that a destroy has kept has an older one.
 */
export const START_SCRIPT = `import configparser
import os
import sys

from sqlalchemy import create_engine, inspect, text
from werkzeug.security import check_password_hash, generate_password_hash

config = configparser.ConfigParser()
config.read(os.environ["MLFLOW_AUTH_CONFIG_PATH"])
settings = config["mlflow"]
engine = create_engine(settings["database_uri"])
if inspect(engine).has_table("users"):
    with engine.begin() as connection:
        user = {"name": settings["admin_username"]}
        select = text("SELECT password_hash FROM users WHERE username = :name")
        found = connection.execute(select, user).scalar()
        if found is not None and not check_password_hash(found, settings["admin_password"]):
            user["hash"] = generate_password_hash(settings["admin_password"])
            connection.execute(text("UPDATE users SET password_hash = :hash WHERE username = :name"), user)
engine.dispose()
os.execvp(sys.argv[1], sys.argv[1:])
`;
