"""How many threads numpy and scipy multiply with: one, since our tables are small and threads wait for each other."""

from threadpoolctl import threadpool_limits


def limit_blas_threads(*, with_scipy: bool = False) -> None:
    """Have whoever multiplies do it alone, in this process from now on: a lesson that took 16 s takes 2.

    scipy brings a library of its own beside numpy's, which can be told only when it is there: `with_scipy` loads it.
    """
    if with_scipy:
        import scipy.linalg  # noqa: F401 - half a second of start, for learning alone
    threadpool_limits(limits=1, user_api="blas")
