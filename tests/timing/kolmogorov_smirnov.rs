//! The two-sample Kolmogorov–Smirnov test, as in Press et al., *Numerical Recipes*, 3rd edition, section 14.3.3, with the
//! approximation of Stephens (1970). For equal values, the distribution functions are compared after the last of them.

/// Returns the probability of a distance as large as that of these samples if both have the same distribution.
#[expect(clippy::cast_precision_loss, reason = "the samples have thousands of values")]
pub(crate) fn p_value(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |sample: &[f64]| {
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    };
    let (a, b) = (sorted(a), sorted(b));
    let share = |sample: &[f64], limit: f64| {
        sample.partition_point(|value| *value <= limit) as f64 / sample.len() as f64
    };
    let distances = a.iter().chain(&b).map(|value| (share(&a, *value) - share(&b, *value)).abs());
    let distance = distances.fold(0.0, f64::max);
    let effective = (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    let lambda = (effective.sqrt() + 0.12 + 0.11 / effective.sqrt()) * distance;
    // The series converges slowly for small arguments, where its value is 1 to six digits.
    if lambda < 0.3 {
        return 1.0;
    }
    let term = |j: i32| (-1.0_f64).powi(j - 1) * (-2.0 * f64::from(j * j) * lambda * lambda).exp();
    (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}
