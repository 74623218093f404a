// What the vector code of one instruction set offers; entry.cpp chooses one set at run time.
//
// A row of V logits is read in blocks of 2048 (8 KiB, so that the second look at a block finds it
// in the first-level cache) and each block in parts of 256, whose maxima are kept: they bound from
// above what a part holds, and let every later question skip nearly all of the row.
#pragma once
#include <cstdint>

namespace kimikernels {

constexpr std::int64_t BLOCK = 2048;
constexpr std::int64_t PART = 256;

// With c = the largest logit of the block and d = x - c.
struct Sums {
    float peak;  // c; -inf when the block holds nothing else, and then the sums are 0
    double mass;  // sum of exp(d), at least 1
    double moment;  // sum of d * exp(d), at most 0; NaN if a logit is
};

struct VectorCode {
    const char *name;
    // One block of n <= BLOCK logits; writes the maxima of its parts, the last of which may be
    // short. `next` logits after the block are fetched meanwhile. NaN in gives a NaN moment.
    Sums (*sums)(const float *x, std::int64_t n, std::int64_t next, float *part_peaks);
    // Sum of exp((x - c) * scale) over n <= BLOCK logits, none of them above c.
    double (*mass)(const float *x, std::int64_t n, float c, float scale);
    // Writes the indices of the n <= PART logits that are >= bound; returns how many.
    int (*reaching)(const float *x, int n, float bound, int *index);
    // How many of n <= PART logits are > bound, and how many == bound.
    int (*above)(const float *x, int n, float bound);
    int (*equal)(const float *x, int n, float bound);
};

extern const VectorCode portable_code;
#if defined(__x86_64__)
extern const VectorCode avx2_code;
extern const VectorCode avx512_code;
#endif

}  // namespace kimikernels
