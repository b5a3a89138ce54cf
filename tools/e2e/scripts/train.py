"""Trains a classifier, logs the run with its model, and prints what must be found again."""

import json

import mlflow
import numpy
import sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

features, labels = load_iris(return_X_y=True)

mlflow.set_experiment("iris")
with mlflow.start_run() as run:
    model = LogisticRegression(C=0.7, max_iter=500).fit(features, labels)
    accuracy = model.score(features, labels)
    mlflow.log_param("C", 0.7)
    mlflow.log_metric("accuracy", accuracy)
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(features, model.predict(features)),
        # Otherwise MLflow finds them out by loading the model in a process of its own.
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )

print(
    json.dumps(
        {
            "run": run.info.run_id,
            "model": logged.model_uri,
            "accuracy": accuracy,
            "predictions": numpy.asarray(model.predict(features)).tolist(),
        }
    )
)
