// The C interface: the statistics of rows of logits, and a token drawn from each.
//
// With M = the largest logit, rest = the sum of exp(x - M) over all but the one at M's first place,
// and spread = the sum of (M - x) exp(x - M):
//
//     log Z   = M + log1p(rest)
//     entropy = log1p(rest) + spread / (1 + rest)
//
// so that a row near one-hot keeps its relative accuracy. Blocks give float sums about their own
// peaks, which are added in double; the block of M is summed about its second largest logit, for a
// difference to a far M would be rounded by up to half a unit in the last place of M itself.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "draw.h"
#include "row.h"

#if defined(_WIN32)
#define EXPORT extern "C" __declspec(dllexport)
#else
#define EXPORT extern "C" __attribute__((visibility("default")))
#endif

namespace kimikernels {
namespace {

const VectorCode *code = &portable_code;

enum Status : std::int32_t { WELL = 0, NOT_FINITE = 1, NO_MEMORY = 2 };

struct Stats {  // read by compiled.py: keep the order
    double log_z;
    double entropy;
    double logprob;  // of the token asked about or drawn
    std::int64_t token;
    std::int64_t rank;
    std::int32_t status;
    std::int32_t unused;
};

struct Totals {
    double rest = 0, spread = 0;

    void add(const Sums &sums, double peak) {
        if (!(sums.mass > 0)) return;  // nothing but -inf
        const double offset = sums.peak - peak, factor = std::exp(offset);
        rest += factor * sums.mass;
        // exp(-746) is 0 in double, and 0 times an offset of -inf would be NaN.
        if (factor > 0) spread -= factor * (sums.moment + offset * sums.mass);
    }
};

// Everything but the logit at `peak_at`, whose block is summed about the second largest.
Totals totals(const Row &row, const std::vector<Sums> &blocks, std::int64_t peak_at) {
    Totals all;
    const double peak = row.x[peak_at];
    const std::int64_t home = peak_at / BLOCK;
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(blocks.size()); ++b)
        if (b != home) all.add(blocks[b], peak);
    float copy[BLOCK], unused[BLOCK / PART];
    const std::int64_t n = std::min(BLOCK, row.size - home * BLOCK);
    std::memcpy(copy, row.x + home * BLOCK, n * sizeof(float));
    copy[peak_at - home * BLOCK] = -std::numeric_limits<float>::infinity();
    all.add(row.code->sums(copy, n, 0, unused), peak);
    return all;
}

struct Scratch {
    std::vector<Sums> blocks;
    std::vector<float> part_peaks;
};

struct Asked {
    std::int64_t k;
    const std::int64_t *target;  // one, or null
    const Rule *rule;  // one, or null
};

Stats measure(const float *x, std::int64_t size, const Asked &asked, Scratch &scratch,
              std::int32_t *top_id, float *top_logprob) {
    scratch.blocks.resize((size + BLOCK - 1) / BLOCK);
    scratch.part_peaks.resize((size + PART - 1) / PART);
    bool broken = false;
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(scratch.blocks.size()); ++b) {
        const std::int64_t begin = b * BLOCK, n = std::min(BLOCK, size - begin);
        const std::int64_t next = std::min(BLOCK, size - begin - n);
        scratch.blocks[b] = code->sums(x + begin, n, next, &scratch.part_peaks[begin / PART]);
        broken |= std::isnan(scratch.blocks[b].moment);
    }
    Stats stats{NAN, NAN, NAN, -1, 0, NOT_FINITE, 0};
    if (broken) return stats;  // what follows counts on an order of the logits
    Row row{x, size, scratch.part_peaks.data(), code};
    std::vector<Candidate> top = largest(row, std::max<std::int64_t>(asked.k, 1));
    if (top.empty() || !std::isfinite(top[0].logit)) return stats;
    const Totals all = totals(row, scratch.blocks, top[0].id);
    const double peak = top[0].logit, log_rest = std::log1p(all.rest);
    stats.log_z = peak + log_rest;
    stats.entropy = log_rest + all.spread / (1.0 + all.rest);
    stats.status = WELL;
    for (std::int64_t i = 0; i < asked.k; ++i) {
        top_id[i] = top[i].id;
        top_logprob[i] = static_cast<float>(top[i].logit - peak - log_rest);
    }
    if (asked.rule != nullptr) {
        const Drawn drawn = draw(row, top, 1.0 + all.rest, *asked.rule);
        stats.token = drawn.id;
        stats.rank = drawn.rank;
    } else if (asked.target != nullptr) {
        stats.token = *asked.target;
        stats.rank = rank(row, top, stats.token);
    }
    // A difference of near numbers first: log Z of a row far from 0 has no digits to spare.
    if (stats.token >= 0) stats.logprob = x[stats.token] - peak - log_rest;
    return stats;
}

}  // namespace
}  // namespace kimikernels

using namespace kimikernels;

// The best instruction set that this processor has.
EXPORT const char *kimikernels_best() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return avx512_code.name;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_code.name;
#endif
    return portable_code.name;
}

// Take the code of this name from now on; false when there is none.
EXPORT std::int32_t kimikernels_use(const char *name) {
    const VectorCode *all[] = {
        &portable_code,
#if defined(__x86_64__)
        &avx2_code,
        &avx512_code,
#endif
    };
    for (const VectorCode *each : all)
        if (std::strcmp(each->name, name) == 0) {
            code = each;
            return 1;
        }
    return 0;
}

// Rows of `size` logits, `stride` floats apart. `targets` and `rules` hold one for each row or are
// null; a rule wins over a target. Writes k ids and log-probabilities and one Stats for each row;
// k is 0 to `size`. Rows are shared out among `threads`.
EXPORT void kimikernels_token_stats(const float *logits, std::int64_t rows, std::int64_t size,
                                    std::int64_t stride, std::int64_t k,
                                    const std::int64_t *targets, const Rule *rules,
                                    std::int64_t threads, std::int32_t *top_id,
                                    float *top_logprob, Stats *stats) {
    std::atomic<std::int64_t> next{0};
    const auto work = [&] {
        Scratch scratch;
        for (std::int64_t i; (i = next.fetch_add(1)) < rows;) {
            const Asked asked{k, targets ? targets + i : nullptr, rules ? rules + i : nullptr};
            try {
                stats[i] = measure(logits + i * stride, size, asked, scratch, top_id + i * k,
                                   top_logprob + i * k);
            } catch (const std::bad_alloc &) {
                stats[i].status = NO_MEMORY;
            }
        }
    };
    std::vector<std::thread> others;
    try {
        for (std::int64_t i = 1; i < std::min(threads, rows); ++i) others.emplace_back(work);
    } catch (...) {  // the system gives no more threads: those that are there do it all
    }
    work();
    for (std::thread &each : others) each.join();
}
