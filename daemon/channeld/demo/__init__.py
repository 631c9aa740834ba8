"""`channeld demo` and `channeld sandbox`: the daemon beside a simulated Amazon, or that alone."""

from channeld.demo.run import run_demo
from channeld.demo.sandbox_alone import run_sandbox

__all__ = ["run_demo", "run_sandbox"]
