def query_values(result):
    """What every query contributes to each metric, which is its mean.

    Args:
        result: `RetrievalResult`.

    Returns:
        Dictionary from the name of each metric to `(num_queries,)` floats,
        NaN where a query is skipped. Ranks beyond `max_rank` are left out.
    """
    ranks = [k for k in (1, 5, 10) if k <= result.hits.shape[1]]
    return {
        **{f"rank-{k}": result.hits[:, k - 1] for k in ranks},
        "mAP": result.average_precision,
        "mINP": result.inverse_negative_penalty,
    }
