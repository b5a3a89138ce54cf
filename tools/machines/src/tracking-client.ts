/** What a client of MLflow does, by its REST interface. */
export class TrackingClient {
  /** @param address of the machine */
  public constructor(
    private readonly address: string,
    private readonly password: string,
  ) {}

  /** Logs a run with a metric and an artifact; returns how to find it again. */
  public async logRun(name: string): Promise<LoggedRun> {
    const { experiment_id: experiment } = await this.call<{ experiment_id: string }>('experiments/create', {
      name,
    });
    const { run } = await this.call<{ run: { info: { run_id: string } } }>('runs/create', {
      experiment_id: experiment,
      run_name: name,
      start_time: 1,
    });
    const { run_id: runId } = run.info;
    await this.call('runs/log-metric', { run_id: runId, key: 'loss', value: 0.5, timestamp: 1, step: 0 });
    const artifact = `${experiment}/${runId}/artifacts/note.txt`;
    await this.send(`mlflow-artifacts/artifacts/${artifact}`, { method: 'PUT', body: `note of ${name}` });
    return { runId, artifact };
  }

  /** The metric and the artifact of a run. */
  public async read({
    runId,
    artifact,
  }: LoggedRun): Promise<{ readonly loss: number; readonly note: string }> {
    const response = await this.send(`mlflow/runs/get?run_id=${runId}`);
    const { run } = (await response.json()) as {
      run: { data: { metrics: { key: string; value: number }[] } };
    };
    const note = await (await this.send(`mlflow-artifacts/artifacts/${artifact}`)).text();
    return { loss: run.data.metrics.find(({ key }) => key === 'loss')!.value, note };
  }

  private async call<T>(path: string, body: object): Promise<T> {
    const response = await this.send(`mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  }

  private async send(path: string, init: RequestInit = {}): Promise<Response> {
    const login = Buffer.from(`admin:${this.password}`).toString('base64');
    const response = await fetch(`http://${this.address}:5000/api/2.0/${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Basic ${login}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 500)}`);
    return response;
  }
}

export interface LoggedRun {
  readonly runId: string;
  /** Path of the artifact in the store. */
  readonly artifact: string;
}
