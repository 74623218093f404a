"""The figures of the shown trace: what its kinds, stages and efficiencies amount to."""
