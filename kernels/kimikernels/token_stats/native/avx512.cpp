// For x86-64 processors with AVX-512 (F, BW, DQ and VL).
#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
#endif
#define LANES 16
#define CODE avx512_code
#define CODE_NAME "avx512"
#include "vector_code.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
