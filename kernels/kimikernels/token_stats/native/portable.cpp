// For every processor: four lanes are SSE2 on x86-64 and NEON on aarch64, or plain floats.
#define LANES 4
#define CODE portable_code
#define CODE_NAME "portable"
#include "vector_code.h"
