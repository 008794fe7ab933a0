"""The figures of a report as a picture."""

from pathlib import Path
from typing import Any, Final

from recommender.errors import EvaluationError

_SUFFIXES: Final = (".png", ".svg")


def draw(report: dict[str, Any], path: Path) -> None:
    """Bars of each model's first figures, with intervals where there are any.

    Raises: EvaluationError for another kind of file; OSError.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise EvaluationError(f"{path.name} is neither PNG nor SVG. Name a file that ends in {' or '.join(_SUFFIXES)}.")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = ("f1", "accuracy") if report["protocol"] == "rated" else ("ndcg@10", "precision@10", "coverage")
    models = list(report["models"])
    figure = Figure(figsize=(4.2 * len(names), 0.45 * len(models) + 1.4), layout="constrained")
    FigureCanvasAgg(figure)
    for place, name in enumerate(names, start=1):
        axes = figure.add_subplot(1, len(names), place)
        values = [report["models"][model][name] for model in models]
        axes.barh(models, values, color=["#1f5f8b" if model == "hybrid" else "#a9bccb" for model in models])
        for line, model in enumerate(models):
            ends = report["models"][model].get("interval", {}).get(name)
            if ends:
                axes.plot(ends, [line, line], color="#222222", linewidth=1.2)
            axes.annotate(
                f"{values[line]:.3f}", (0, line), xytext=(4, 0), textcoords="offset points", va="center", size=8
            )
        axes.invert_yaxis()
        axes.set_title(name, loc="left", size=10)
        axes.spines[["top", "right"]].set_visible(False)
        if place > 1:
            axes.set_yticklabels([])
    figure.suptitle(f"split {report['split']}, protocol {report['protocol']}, {report['people']} people", size=10)
    figure.savefig(path, dpi=150)
