"""What the benchmarks share: a local Discord, clients as processes, and what the kernel says they used."""
