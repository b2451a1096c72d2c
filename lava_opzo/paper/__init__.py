"""The paper's algorithm as it was published, in torch: real numbers, batches, any kind of credit (docs/paper.md)."""
