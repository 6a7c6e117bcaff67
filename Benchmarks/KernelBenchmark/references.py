"""Times what other packages need for a sample, on series that KernelBenchmark takes: river, ioos_qc, numpy.

    references.py SERIES.csv ...

Prints a line of JSON for each: the kernel that does the same, the reference, and nanoseconds a sample by the name of
the series. river takes one sample after another as the kernels do; ioos_qc and numpy take the whole series at once,
which spares them the cost of a call each sample. The best of several runs counts.
"""
import json
import os
import sys
import time
import warnings

import numpy
from ioos_qc import qartod
from river import anomaly, stats

warnings.filterwarnings("ignore")


def streamed(make, step):
    """Only so many samples where a reference is slow."""
    def run(times, values, most=20_160):
        part = [float(value) for value in values[:most]]
        kernel = make()
        began = time.perf_counter_ns()
        for value in part:
            step(kernel, value)
        return (time.perf_counter_ns() - began) / len(part)
    return run


def batched(work):
    def run(times, values, most=None):
        began = time.perf_counter_ns()
        work(times, values)
        return (time.perf_counter_ns() - began) / len(values)
    return run


def scored(kernel, value):
    kernel.score_one({"x": value})
    kernel.learn_one({"x": value})


def gaussian(kernel, value):
    kernel.score_one(None, value)
    kernel.learn_one(None, value)


def estimated(kernel, value):
    kernel.update(value)
    kernel.get()


def sliding_median(times, values):
    windows = numpy.lib.stride_tricks.sliding_window_view(values, 7)
    middle = numpy.median(windows, axis=1)
    numpy.median(numpy.abs(windows - middle[:, None]), axis=1)


REFERENCES = [
    ("anomaly detector", "river GaussianScorer, window 500",
     streamed(lambda: anomaly.GaussianScorer(window_size=500), gaussian)),
    ("anomaly detector", "river HalfSpaceTrees, 10 trees of height 8, window 250",
     streamed(lambda: anomaly.HalfSpaceTrees(
         n_trees=10, height=8, window_size=250, limits={"x": (-40, 40)}, seed=1), scored)),
    ("running statistics", "river Var", streamed(stats.Var, estimated)),
    ("exponential mean", "river EWVar", streamed(lambda: stats.EWVar(fading_factor=0.1), estimated)),
    ("quantile sketch, k = 200", "river Quantile (P²), one quantile",
     streamed(lambda: stats.Quantile(0.95), estimated)),
    ("gross range", "ioos_qc gross_range_test", batched(lambda times, values: qartod.gross_range_test(
        values, fail_span=(-40, 50), suspect_span=(-30, 40)))),
    ("spike test", "ioos_qc spike_test", batched(lambda times, values: qartod.spike_test(
        values, suspect_threshold=2, fail_threshold=4))),
    ("rate of change", "ioos_qc rate_of_change_test", batched(
        lambda times, values: qartod.rate_of_change_test(values, times, threshold=0.05))),
    ("flat line, 60 and 120 samples", "ioos_qc flat_line_test", batched(
        lambda times, values: qartod.flat_line_test(
            values, times, suspect_threshold=3600, fail_threshold=7200, tolerance=0.1))),
    ("attenuated signal, 60 samples", "ioos_qc attenuated_signal_test", batched(
        lambda times, values: qartod.attenuated_signal_test(
            values, times, suspect_threshold=0.1, fail_threshold=0.05, test_period=3600, min_obs=2,
            check_type="std"))),
    ("running statistics", "numpy mean, var, min and max", batched(
        lambda times, values: (values.mean(), values.var(), values.min(), values.max()))),
    ("Hampel, 7 samples", "numpy medians of sliding windows", batched(sliding_median)),
    ("quantile sketch, k = 200", "numpy quantile, one quantile", batched(
        lambda times, values: numpy.quantile(values, 0.95))),
]


def main():
    series = {}
    for path in sys.argv[1:]:
        rows = numpy.loadtxt(path, delimiter=",", usecols=(0, 1))
        name = os.path.splitext(os.path.basename(path))[0]
        series[name] = (rows[:, 0].astype("int64").astype("datetime64[ns]"), numpy.ascontiguousarray(rows[:, 1]))
    for kernel, reference, run in REFERENCES:
        line = {"kernel": kernel, "reference": reference}
        for name, (times, values) in series.items():
            first = run(times, values, 1000)
            line[name] = min(run(times, values, 2000 if first > 10_000 else None) for _ in range(5))
        print(json.dumps(line), flush=True)


main()
