// Order statistics of a row, most of which is skipped: a part whose peak is too low holds nothing.
#include "draw.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kimikernels {
namespace {

constexpr float NONE = -std::numeric_limits<float>::infinity();
constexpr double WIDER = 1.6;  // each look goes so much further below the peak than the last
constexpr double DEEPEST = 750.0;  // exp(-750) is 0 in double

std::int64_t parts(const Row &row) { return (row.size + PART - 1) / PART; }

int part_size(const Row &row, std::int64_t part) {
    return static_cast<int>(std::min(PART, row.size - part * PART));
}

// At least k logits reach the k-th largest peak of a part, for every peak is a logit.
float kth_peak(const Row &row, std::int64_t k) {
    if (k > parts(row)) return NONE;
    std::vector<float> best(row.part_peaks, row.part_peaks + k);
    std::sort(best.begin(), best.end(), std::greater<float>());
    for (std::int64_t part = k; part < parts(row); ++part) {
        const float peak = row.part_peaks[part];
        if (!(peak > best.back())) continue;
        best.pop_back();
        best.insert(std::upper_bound(best.begin(), best.end(), peak, std::greater<float>()), peak);
    }
    return best.back();
}

// What is >= bound and < below, by id. Of those equal to the bound at most `equals`.
std::vector<Candidate> between(const Row &row, float bound, float below,
                               std::int64_t equals = std::numeric_limits<std::int64_t>::max()) {
    std::vector<Candidate> found;
    int index[PART];
    for (std::int64_t part = 0; part < parts(row); ++part) {
        const float peak = row.part_peaks[part];
        if (peak < bound || (peak == bound && equals == 0)) continue;
        const float *x = row.x + part * PART;
        const int reached = row.code->reaching(x, part_size(row, part), bound, index);
        for (int i = 0; i < reached; ++i) {
            const float logit = x[index[i]];
            if (!(logit < below) || (logit == bound && equals-- <= 0)) continue;
            found.push_back({logit, static_cast<std::int32_t>(part * PART + index[i])});
        }
        equals = std::max<std::int64_t>(equals, 0);
    }
    return found;
}

constexpr float ALL = std::numeric_limits<float>::infinity();

// The row's tokens from the most to the least likely, looked up further down as they are needed.
class Descent {
  public:
    Descent(const Row &row, const std::vector<Candidate> &top, double temperature,
            std::int64_t most)
        : row_(row), temperature_(temperature), most_(most), peak_(top[0].logit),
          found_(top), bound_(top.back().logit) {
        cut();
    }

    // Looks beyond the last one found; false when there is nothing more.
    bool further() {
        if (size() >= most_) return false;
        // Only some of those equal to the bound may be there: they are taken anew.
        while (!found_.empty() && found_.back().logit == bound_) found_.pop_back();
        const float below = std::nextafter(bound_, ALL);
        bound_ = lower();
        std::vector<Candidate> more = between(row_, bound_, below);
        std::sort(more.begin(), more.end());
        found_.insert(found_.end(), more.begin(), more.end());
        cut();
        return true;
    }

    std::int64_t size() const { return static_cast<std::int64_t>(found_.size()); }

    std::int64_t id(std::int64_t place) const { return found_[place].id; }

    // exp((x - max) / temperature)
    double weight(std::int64_t place) const {
        return std::exp((double(found_[place].logit) - peak_) / temperature_);
    }

  private:
    float lower() const {
        const double depth = WIDER * std::max((peak_ - bound_) / temperature_, 1.0);
        const float bound = static_cast<float>(peak_ - depth * temperature_);
        return depth < DEEPEST && bound < bound_ ? bound : NONE;
    }

    void cut() {
        if (size() > most_) found_.resize(most_);
    }

    const Row &row_;
    double temperature_;
    std::int64_t most_;
    double peak_;
    std::vector<Candidate> found_;  // everything above bound_, and some of what equals it
    float bound_;
};

// Sum of exp((x - max) / temperature) over the whole row.
double mass(const Row &row, float peak, double temperature) {
    double all = 0;
    const float scale = static_cast<float>(1.0 / temperature);
    for (std::int64_t begin = 0; begin < row.size; begin += BLOCK) {
        const std::int64_t n = std::min(BLOCK, row.size - begin);
        const float *peaks = row.part_peaks + begin / PART;
        const float top = *std::max_element(peaks, peaks + (n + PART - 1) / PART);
        const double offset = (double(top) - peak) / temperature;
        if (offset > -DEEPEST)
            all += std::exp(offset) * row.code->mass(row.x + begin, n, top, scale);
    }
    return all;
}

// The mass of the `most` likely.
double mass_of(Descent &descent, std::int64_t most) {
    while (descent.further()) {
    }
    double all = 0;
    for (std::int64_t i = 0; i < most; ++i) all += descent.weight(i);
    return all;
}

// How many of the most likely are kept, and their mass.
struct Kept {
    std::int64_t count;
    double mass;
};

// top-p is a share of `base`.
Kept kept(Descent &descent, double base, const Rule &rule) {
    Kept kept{0, 0};
    do {
        for (; kept.count < descent.size(); ++kept.count) {
            const double weight = descent.weight(kept.count);
            if (weight < rule.min_p || (kept.count > 0 && kept.mass >= rule.top_p * base))
                return kept;
            kept.mass += weight;
        }
    } while (descent.further());
    return kept;
}

// The first place where the cumulative mass exceeds the aim; the last with any where none does.
std::int64_t place_of(Descent &descent, double aim, std::int64_t count) {
    double cumulative = 0;
    std::int64_t place = 0, weighty = 0;
    do {
        for (; place < std::min(count, descent.size()); ++place) {
            const double weight = descent.weight(place);
            if (weight > 0) weighty = place;
            cumulative += weight;
            if (cumulative > aim) return place;
        }
    } while (place < count && descent.further());
    return weighty;
}

}  // namespace

std::vector<Candidate> largest(const Row &row, std::int64_t k) {
    std::vector<Candidate> found = between(row, kth_peak(row, k), ALL, k);
    k = std::min<std::int64_t>(k, found.size());
    std::partial_sort(found.begin(), found.begin() + k, found.end());
    found.resize(k);
    return found;
}

std::int64_t rank(const Row &row, const std::vector<Candidate> &top, std::int64_t token) {
    for (std::size_t i = 0; i < top.size(); ++i)
        if (top[i].id == token) return static_cast<std::int64_t>(i) + 1;
    const float logit = row.x[token];
    const std::int64_t home = token / PART;
    std::int64_t before = 0;
    for (std::int64_t part = 0; part < parts(row); ++part) {
        if (row.part_peaks[part] < logit) continue;
        const float *x = row.x + part * PART;
        before += row.code->above(x, part_size(row, part), logit);
        if (part < home) before += row.code->equal(x, part_size(row, part), logit);
        if (part == home) before += row.code->equal(x, static_cast<int>(token % PART), logit);
    }
    return before + 1;
}

Drawn draw(const Row &row, const std::vector<Candidate> &top, double whole, const Rule &rule) {
    if (rule.temperature == 0) return {top[0].id, 1};
    const std::int64_t most = rule.top_k > 0 ? std::min(rule.top_k, row.size) : row.size;
    Descent descent(row, top, rule.temperature, most);
    const bool truncates = rule.top_p < 1 || rule.min_p > 0 || most < row.size;
    Kept all{most, std::numeric_limits<double>::infinity()};
    if (most == row.size && (rule.top_p < 1 || !truncates))
        all.mass = rule.temperature == 1 ? whole : mass(row, top[0].logit, rule.temperature);
    else if (rule.top_p < 1)
        all.mass = mass_of(descent, most);
    if (truncates) all = kept(descent, all.mass, rule);
    const std::int64_t place = place_of(descent, rule.uniform * all.mass, all.count);
    return {descent.id(place), place + 1};
}

}  // namespace kimikernels
