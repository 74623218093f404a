// For x86-64 processors with AVX2 and FMA (2013 and later).
#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#include <immintrin.h>
#define MAXIMUM _mm256_max_ps
#define LANES 8
#define CODE avx2_code
#define CODE_NAME "avx2"
#include "vector_code.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
