// What is asked of a row beyond its sums: its largest logits, a token's rank, a drawn token.
#pragma once
#include <cstdint>
#include <vector>

#include "row.h"

namespace kimikernels {

struct Row {
    const float *x;
    std::int64_t size;
    const float *part_peaks;  // the largest logit of each PART
    const VectorCode *code;
};

struct Candidate {
    float logit;
    std::int32_t id;
};

// The order of everything here: the most likely first, equals by id.
inline bool operator<(const Candidate &a, const Candidate &b) {
    return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

struct Rule {  // read by compiled.py: keep the order
    double temperature;  // 0 takes the most likely
    std::int64_t top_k;  // 0 keeps all
    double top_p;  // 1 keeps all
    double min_p;  // 0 keeps all
    double uniform;  // in [0, 1)
};

struct Drawn {
    std::int64_t id, rank;
};

// The k largest logits in order, all of them where k is the row's size. NaN is never among them.
std::vector<Candidate> largest(const Row &row, std::int64_t k);

// 1 for the most likely token; `top` are the row's largest.
std::int64_t rank(const Row &row, const std::vector<Candidate> &top, std::int64_t token);

// Temperature, top-k, top-p, min-p, in this order; then the inverse of the cumulative distribution
// over what they keep. `top` are the row's largest; `whole` is the sum of exp(x - max).
Drawn draw(const Row &row, const std::vector<Candidate> &top, double whole, const Rule &rule);

}  // namespace kimikernels
