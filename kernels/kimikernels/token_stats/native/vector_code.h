// The arithmetic, written once for vectors of LANES floats and compiled once for each instruction
// set: the file that includes this one sets LANES, CODE, CODE_NAME and the target of its functions.
//
//     exp(d) = 2^n * p(r),  n = round(d / ln 2),  r = d - n ln 2,
//     p(r) = 1 + r + r^2 (c2 + c3 r + c4 r^2 + c5 r^3)
//
// with c of least relative error on |r| <= ln 2 / 2: 1.05e-7, of either sign. Another term would
// bring it to 3e-9 and cost a tenth of the time; the sums stay within 1e-7 of the truth without.
// Nothing of the standard library is called here: a template instantiated with wide instructions
// could be the copy that the linker keeps for every processor.
#include <cstdint>

#include "row.h"

namespace kimikernels {
namespace {

typedef float Floats __attribute__((vector_size(LANES * 4)));
typedef float Unaligned __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef double Doubles __attribute__((vector_size(LANES * 8)));
typedef std::int32_t Ints __attribute__((vector_size(LANES * 4)));
typedef std::uint32_t Bits __attribute__((vector_size(LANES * 4)));

constexpr float NONE = -__builtin_inff();
constexpr float LEAST = -87.0f;  // exp of it is the last normal float
constexpr float ROUND = 12582912.0f;  // 1.5 * 2^23: adding it leaves an integer in the low bits
constexpr float INVERSE_LN2 = 0x1.715476p+0f;
constexpr float LN2 = 0x1.62e430p-1f;  // its error, 1.9e-9, counts n times: 4e-8 where d = -16
constexpr int PREFETCH = 16;  // floats in a cache line

#define INLINE inline __attribute__((always_inline))

INLINE Floats load(const float *x) { return *reinterpret_cast<const Unaligned *>(x); }

INLINE Floats fill(float value) { return value - Floats{}; }

INLINE float largest(Floats v) {
    float peak = v[0];
    for (int i = 1; i < LANES; ++i) peak = v[i] > peak ? v[i] : peak;
    return peak;
}

INLINE double total(Doubles v) {
    double lane[LANES];
    __builtin_memcpy(lane, &v, sizeof v);
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int i = 0; i < width; ++i) lane[i] += lane[i + width];
    return lane[0];
}

INLINE int count(Ints mask) {  // a lane of a comparison is 0 or -1
    int found = 0;
    for (int i = 0; i < LANES; ++i) found -= mask[i];
    return found;
}

INLINE bool any(Ints mask) {
    typedef std::int64_t Words __attribute__((vector_size(LANES * 4)));
    const Words words = reinterpret_cast<Words>(mask);
    std::int64_t all = 0;
    for (int i = 0; i < LANES / 2; ++i) all |= words[i];
    return all != 0;
}

// exp for d <= 0. Of NaN it makes any number at all: its low bits end up in the exponent.
INLINE Floats exponential(Floats d) {
    const Floats shifted = d * INVERSE_LN2 + ROUND;
    const Floats r = d - (shifted - ROUND) * LN2;
    Floats p = fill(0x1.10627ap-7f);
    p = p * r + 0x1.572a06p-5f;
    p = p * r + 0x1.5557aep-3f;
    p = p * r + 0x1.fffdfcp-2f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return reinterpret_cast<Floats>(reinterpret_cast<Bits>(p) + (reinterpret_cast<Bits>(shifted) << 23));
}

// The larger, and the second where either is NaN.
INLINE Floats larger(Floats a, Floats b) {
#ifdef MAXIMUM  // one instruction; the comparison and choice below become two
    return MAXIMUM(a, b);
#else
    return a > b ? a : b;
#endif
}

INLINE Floats clamped(Floats d) { return larger(fill(LEAST), d); }

struct Accumulated {
    Floats mass{}, moment{};
};

INLINE void add(Accumulated &sum, const float *x, Floats c) {
    const Floats d = clamped(load(x) - c);
    const Floats weight = exponential(d);
    sum.mass += weight;
    sum.moment += d * weight;  // NaN where d is, whatever weight is
}

// n is a multiple of LANES. A float lane that holds a weight of 1 swallows what is below 6e-8, so
// no lane adds up more than a part: equal terms are all rounded the same way, and over a block of
// 2048 they would cost 5e-6 of the entropy.
void accumulate(const float *x, std::int64_t n, std::int64_t next, float peak, Sums *out) {
    const Floats c = fill(peak);
    Doubles mass{}, moment{};
    for (std::int64_t i = 0; i < n;) {
        const std::int64_t end = n - i < PART ? n : i + PART;
        Accumulated sum[4];
        for (; i + 4 * LANES <= end; i += 4 * LANES) {
            for (int line = 0; line < 4 * LANES; line += PREFETCH)
                if (i + line < next) __builtin_prefetch(x + n + i + line);
            for (int j = 0; j < 4; ++j) add(sum[j], x + i + j * LANES, c);
        }
        for (; i < end; i += LANES) add(sum[0], x + i, c);
        const Floats part = (sum[0].mass + sum[1].mass) + (sum[2].mass + sum[3].mass);
        const Floats bent = (sum[0].moment + sum[1].moment) + (sum[2].moment + sum[3].moment);
        mass += __builtin_convertvector(part, Doubles);
        moment += __builtin_convertvector(bent, Doubles);
    }
    out->mass = total(mass);
    out->moment = total(moment);
}

// n is a multiple of LANES, at most PART.
float part_peak(const float *x, std::int64_t n) {
    Floats peak[4] = {fill(NONE), fill(NONE), fill(NONE), fill(NONE)};
    std::int64_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES)
        for (int j = 0; j < 4; ++j) peak[j] = larger(load(x + i + j * LANES), peak[j]);
    for (; i < n; i += LANES) peak[0] = larger(load(x + i), peak[0]);
    return largest(larger(larger(peak[0], peak[1]), larger(peak[2], peak[3])));
}

bool holds_nan(const float *x, std::int64_t n) {
    Ints found{};
    for (std::int64_t i = 0; i < n; i += LANES) found |= load(x + i) != load(x + i);
    return any(found);
}

Sums whole_sums(const float *x, std::int64_t n, std::int64_t next, float *part_peaks) {
    Sums out{NONE, 0, 0};
    for (std::int64_t begin = 0; begin < n; begin += PART) {
        const std::int64_t left = n - begin;
        const float peak = part_peak(x + begin, left < PART ? left : PART);
        part_peaks[begin / PART] = peak;
        out.peak = peak > out.peak ? peak : out.peak;
    }
    if (out.peak > NONE)
        accumulate(x, n, next, out.peak, &out);
    else if (holds_nan(x, n))
        out.moment = __builtin_nan("");
    return out;
}

// A copy of n logits, filled up with -inf to a whole number of vectors; returns its length.
std::int64_t padded(const float *x, std::int64_t n, float *copy) {
    __builtin_memcpy(copy, x, n * sizeof(float));
    for (; n % LANES; ++n) copy[n] = NONE;
    return n;
}

Sums sums(const float *x, std::int64_t n, std::int64_t next, float *part_peaks) {
    if (n % LANES == 0) return whole_sums(x, n, next, part_peaks);
    float copy[BLOCK];
    return whole_sums(copy, padded(x, n, copy), 0, part_peaks);
}

double mass(const float *x, std::int64_t n, float peak, float scale) {
    float copy[BLOCK];
    if (n % LANES) {
        n = padded(x, n, copy);
        x = copy;
    }
    const Floats c = fill(peak), times = fill(scale);
    Doubles all{};
    for (std::int64_t i = 0; i < n;) {
        const std::int64_t end = n - i < PART ? n : i + PART;
        Floats sum[4] = {};
        for (; i + 4 * LANES <= end; i += 4 * LANES)
            for (int j = 0; j < 4; ++j)
                sum[j] += exponential(clamped((load(x + i + j * LANES) - c) * times));
        for (; i < end; i += LANES) sum[0] += exponential(clamped((load(x + i) - c) * times));
        const Floats part = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        all += __builtin_convertvector(part, Doubles);
    }
    return total(all);
}

int reaching(const float *x, int n, float bound, int *index) {
    int found = 0, i = 0;
    for (; i + LANES <= n; i += LANES)
        if (any(load(x + i) >= bound))
            for (int j = i; j < i + LANES; ++j)
                if (x[j] >= bound) index[found++] = j;
    for (; i < n; ++i)
        if (x[i] >= bound) index[found++] = i;
    return found;
}

int above(const float *x, int n, float bound) {
    Ints found{};
    int i = 0;
    for (; i + LANES <= n; i += LANES) found += load(x + i) > bound;
    int all = count(found);
    for (; i < n; ++i) all += x[i] > bound;
    return all;
}

int equal(const float *x, int n, float bound) {
    Ints found{};
    int i = 0;
    for (; i + LANES <= n; i += LANES) found += load(x + i) == bound;
    int all = count(found);
    for (; i < n; ++i) all += x[i] == bound;
    return all;
}

#undef INLINE

}  // namespace

extern const VectorCode CODE;
const VectorCode CODE = {CODE_NAME, sums, mass, reaching, above, equal};

}  // namespace kimikernels
