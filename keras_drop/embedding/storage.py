import dataclasses

from keras_drop.checks import refuse_less_than_1, refuse_unknown
from keras_drop.flags import flag

DTYPES = ("float32", "float16")
TABLES = ("csv", "parquet")


@dataclasses.dataclass(frozen=True)
class Storage:
    """How embedded images are stored.

    Args:
        images_each: Images of a shard, which is written as a whole: what is
            lost at most when the process is killed.
        dtype: `"float32"`, or `"float16"`, half of that: of the embeddings.
        table: `"csv"`, or `"parquet"`, which needs `pyarrow`: of the rows.

    Raises:
        ValueError: Another type or table, or a shard of nothing.

    Example:
    >>> from keras_drop.embedding import Storage
    >>> Storage(dtype="float16").images_each
    4096
    """

    images_each: int = flag(4096, "images of a shard, written as a whole")
    dtype: str = flag("float32", f"of the embeddings: {', '.join(DTYPES)}")
    table: str = flag("csv", f"of the rows: {', '.join(TABLES)}")

    def __post_init__(self):
        refuse_less_than_1(images_each=self.images_each)
        refuse_unknown(dtype=(self.dtype, DTYPES), table=(self.table, TABLES))
