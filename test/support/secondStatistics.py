"""Answers the questions on standard input (JSON) with SciPy: a second implementation of what the product computes."""
import json
import sys

import numpy as np
from scipy import optimize, stats


def survival(known, censored):
    """The product-limit estimate: by SciPy where it has one (1.11), else straight from its definition."""
    times = sorted(set(known))
    if hasattr(stats, "ecdf") and hasattr(stats, "CensoredData"):
        found = stats.ecdf(stats.CensoredData(uncensored=known, right=censored)).sf
        return [float(found.evaluate(time)) for time in times]
    values = np.array(known + censored)
    events = np.array(known)
    factors = [1 - np.sum(events == time) / np.sum(values >= time) for time in times]
    return list(np.cumprod(factors))


def answer(question):
    kind = question["kind"]
    if kind == "survival":
        return survival(question["known"], question["censored"])
    if kind == "nnls":
        weights = np.sqrt(np.array(question["weights"]))
        matrix = np.array(question["matrix"]) * weights[:, None]
        return list(optimize.nnls(matrix, np.array(question["target"]) * weights)[0])
    if kind == "binomial":
        return list(stats.binom.cdf(question["counts"], question["trials"], question["chance"]))
    if kind == "exceedance":
        earlier, rank, later = question["earlier"], question["rank"], question["later"]
        found = stats.betabinom(later, earlier - rank + 1, rank)
        return [float(found.sf(count - 1)) for count in question["counts"]]
    if kind == "rankSum":
        test = stats.mannwhitneyu(question["first"], question["second"], method="asymptotic")
        return [float(test.statistic), float(test.pvalue)]
    if kind == "student":
        return list(stats.t.ppf(0.975, question["freedoms"]))
    raise ValueError(kind)


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
