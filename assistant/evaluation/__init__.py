"""Measure the assistant: how well it finds, quotes and declines, on questions whose answers are known.

    dataset = load_dataset(Path("questions.jsonl"))
    report = evaluate(sample(dataset, every=2, offset=1), settings, compare=True)
    print_report(report)
    save_plot(report, Path("report.png"))

The names below load when they are first used, so that the command line stays quick.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from assistant.evaluation.datasets import Case as Case
    from assistant.evaluation.datasets import Dataset as Dataset
    from assistant.evaluation.datasets import load_dataset as load_dataset
    from assistant.evaluation.datasets import sample as sample
    from assistant.evaluation.models import Abstention as Abstention
    from assistant.evaluation.models import EvaluationProgress as EvaluationProgress
    from assistant.evaluation.models import EvaluationReport as EvaluationReport
    from assistant.evaluation.models import Latency as Latency
    from assistant.evaluation.models import Quoting as Quoting
    from assistant.evaluation.models import Retrieval as Retrieval
    from assistant.evaluation.plots import check_plot as check_plot
    from assistant.evaluation.plots import save_plot as save_plot
    from assistant.evaluation.run import evaluate as evaluate
    from assistant.evaluation.tables import print_report as print_report
    from assistant.evaluation.tables import progress as progress
    from assistant.evaluation.tables import report_object as report_object

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "datasets": ["Case", "Dataset", "load_dataset", "sample"],
        "models": ["Abstention", "EvaluationProgress", "EvaluationReport", "Latency", "Quoting", "Retrieval"],
        "plots": ["check_plot", "save_plot"],
        "run": ["evaluate"],
        "tables": ["print_report", "progress", "report_object"],
    },
)
