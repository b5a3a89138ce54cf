"""Reads a run and its model back by their ids, and prints what they say."""

import json
import sys

import mlflow
import numpy
from sklearn.datasets import load_iris

run_id, model_uri = sys.argv[1:]
run = mlflow.get_run(run_id)
model = mlflow.sklearn.load_model(model_uri)
features, _ = load_iris(return_X_y=True)

print(
    json.dumps(
        {
            "run": run.info.run_id,
            "model": model_uri,
            "accuracy": run.data.metrics["accuracy"],
            "predictions": numpy.asarray(model.predict(features)).tolist(),
        }
    )
)
