"""The programs of llama.cpp that the engine is measured against, and clocks fair to both."""
