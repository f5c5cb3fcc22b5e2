"""The results as pictures: the delay over time, scores by loss, CPU."""

from pathlib import Path
from statistics import median

from matplotlib.figure import Figure

from bench.kept import Results
from bench.table import BROWSER, OURS, THEIRS

COLOURS = {OURS: "tab:blue", THEIRS: "tab:orange", BROWSER: "tab:green"}
SCORED = ("clean", "loss 1 %", "loss 5 %", "loss 10 %", "loss 20 %", "bursts 60 ms", "jitter 30", "jitter 100")
WORKED = ("idle", "clean", "low-delay", "canceller")
DPI = 110
BAR = 0.27


def draw(results: Results) -> list[Path]:
    """Write the pictures beside the results; return where they are."""
    pictures = {
        "delay": _delays(results),
        "speech": _bars(results, SCORED, "pesq", "PESQ, wide band (1 to 4.6)"),
        "cpu": _bars(results, WORKED, "cpu_s_per_min", "CPU, seconds a minute and end"),
    }
    return [_write(figure, results.path.with_suffix(f".{name}.png")) for name, figure in pictures.items()]


def _delays(results: Results) -> Figure:
    """Draw a plot a cell: its delay over time, both ways of both sides."""
    cells = [cell for cell in results.cells if any(results.curves(cell, side) for side in COLOURS)]
    columns = 3
    lines = max(1, -(-len(cells) // columns))
    figure = Figure(figsize=(5 * columns, 3 * lines), layout="constrained")
    for number, cell in enumerate(cells, start=1):
        axes = figure.add_subplot(lines, columns, number, title=cell, xlabel="s", ylabel="mouth to ear, ms")
        for side, colour in COLOURS.items():
            for way, curve in enumerate(results.curves(cell, side)):
                at_s, delay_ms = [each[0] for each in curve], [each[1] for each in curve]
                axes.plot(at_s, delay_ms, color=colour, alpha=0.8, label="" if way else side)
        axes.set_ylim(bottom=0)
        axes.legend()
    return figure


def _bars(results: Results, cells: tuple[str, ...], name: str, what: str) -> Figure:
    """Draw a bar a cell and side: the median, and a line from least to most."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot(ylabel=what)
    for number, (side, colour) in enumerate(COLOURS.items()):
        axes.bar(0, 0, 0, color=colour, label=side)
        for place, cell in enumerate(cells):
            if samples := results.figures(cell, side).get(name):
                at = place + (number - 1) * BAR
                axes.bar(at, median(samples), BAR, color=colour)
                axes.vlines(at, min(samples), max(samples), color="black")
    axes.set_xticks(range(len(cells)), cells)
    axes.legend()
    return figure


def _write(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=DPI)
    return path
