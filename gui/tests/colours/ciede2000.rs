//! The CIEDE2000 distance of two colours, checked against the published pairs of Sharma, Wu and Dalal (2005).

/// A colour in CIELAB.
#[derive(Clone, Copy, Debug)]
pub struct Lab {
    /// Lightness, 0 to 100.
    pub l: f64,
    /// Green to red.
    pub a: f64,
    /// Blue to yellow.
    pub b: f64,
}

/// How different two colours look: 1 is just noticed side by side.
pub fn distance(one: Lab, other: Lab) -> f64 {
    let chroma = f64::midpoint(one.a.hypot(one.b), other.a.hypot(other.b));
    let stretch = 1.5 - 0.5 * weight(chroma);
    let (c1, h1) = polar(one.a * stretch, one.b);
    let (c2, h2) = polar(other.a * stretch, other.b);
    let turn = if c1 * c2 == 0.0 { 0.0 } else { (h2 - h1 + 540.0).rem_euclid(360.0) - 180.0 };
    let (dl, dc) = (other.l - one.l, c2 - c1);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let (l, c, h) = (f64::midpoint(one.l, other.l), f64::midpoint(c1, c2), mean_hue(c1 * c2, h1, h2));
    let cos = |times: f64, shift: f64| (times * h + shift).to_radians().cos();
    let t =
        1.0 - 0.17 * cos(1.0, -30.0) + 0.24 * cos(2.0, 0.0) + 0.32 * cos(3.0, 6.0) - 0.2 * cos(4.0, -63.0);
    let from_50 = (l - 50.0).powi(2);
    let dl = dl / (1.0 + 0.015 * from_50 / (20.0 + from_50).sqrt());
    let dc = dc / (1.0 + 0.045 * c);
    let dh = dh / (1.0 + 0.015 * c * t);
    let bend = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let twist = -(2.0 * bend).to_radians().sin() * 2.0 * weight(c);
    (dl * dl + dc * dc + dh * dh + twist * dc * dh).sqrt()
}

/// 0 for greys, 1 for strong colours.
fn weight(chroma: f64) -> f64 {
    let seventh = chroma.powi(7);
    (seventh / (seventh + 25.0_f64.powi(7))).sqrt()
}

/// Chroma, and hue in degrees from 0 to 360.
fn polar(a: f64, b: f64) -> (f64, f64) {
    (a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0))
}

/// The hue between two, on the shorter way; greys have none of their own.
fn mean_hue(chromas: f64, h1: f64, h2: f64) -> f64 {
    let sum = h1 + h2;
    match (h1 - h2).abs() {
        _ if chromas == 0.0 => sum,
        apart if apart <= 180.0 => sum / 2.0,
        _ if sum < 360.0 => f64::midpoint(sum, 360.0),
        _ => (sum - 360.0) / 2.0,
    }
}

/// Table 1 of "The CIEDE2000 color-difference formula: implementation notes, supplementary test data, and
/// mathematical observations": two colours and their distance.
const PUBLISHED: [([f64; 3], [f64; 3], f64); 34] = [
    ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
    ([50.0, 3.1571, -77.2803], [50.0, 0.0, -82.7485], 2.8615),
    ([50.0, 2.8361, -74.0200], [50.0, 0.0, -82.7485], 3.4412),
    ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0),
    ([50.0, -1.1848, -84.8006], [50.0, 0.0, -82.7485], 1.0),
    ([50.0, -0.9009, -85.5211], [50.0, 0.0, -82.7485], 1.0),
    ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
    ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
    ([50.0, 2.49, -0.0010], [50.0, -2.49, 0.0009], 7.1792),
    ([50.0, 2.49, -0.0010], [50.0, -2.49, 0.0010], 7.1792),
    ([50.0, 2.49, -0.0010], [50.0, -2.49, 0.0011], 7.2195),
    ([50.0, 2.49, -0.0010], [50.0, -2.49, 0.0012], 7.2195),
    ([50.0, -0.0010, 2.49], [50.0, 0.0009, -2.49], 4.8045),
    ([50.0, -0.0010, 2.49], [50.0, 0.0010, -2.49], 4.8045),
    ([50.0, -0.0010, 2.49], [50.0, 0.0011, -2.49], 4.7461),
    ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
    ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
    ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
    ([50.0, 2.5, 0.0], [56.0, -27.0, -3.0], 31.9030),
    ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
    ([50.0, 2.5, 0.0], [50.0, 3.1736, 0.5854], 1.0),
    ([50.0, 2.5, 0.0], [50.0, 3.2972, 0.0], 1.0),
    ([50.0, 2.5, 0.0], [50.0, 1.8634, 0.5757], 1.0),
    ([50.0, 2.5, 0.0], [50.0, 3.2592, 0.3350], 1.0),
    ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ([63.0109, -31.0961, -5.8663], [62.8187, -29.7946, -4.0864], 1.2630),
    ([61.2901, 3.7196, -5.3901], [61.4292, 2.2480, -4.9620], 1.8731),
    ([35.0831, -44.1164, 3.7933], [35.0232, -40.0716, 1.5901], 1.8645),
    ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
    ([36.4612, 47.8580, 18.3852], [36.2715, 50.5065, 21.2231], 1.4146),
    ([90.8027, -2.0831, 1.4410], [91.1528, -1.6435, 0.0447], 1.4441),
    ([90.9257, -0.5406, -0.9208], [88.6381, -0.8985, -0.7239], 1.5381),
    ([6.7747, -0.2908, -2.4247], [5.8714, -0.0985, -2.2286], 0.6377),
    ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
];

#[test]
fn distances_are_the_published_ones() {
    let lab = |[l, a, b]: [f64; 3]| Lab { l, a, b };
    for (n, (one, other, published)) in PUBLISHED.into_iter().enumerate() {
        for (one, other) in [(one, other), (other, one)] {
            let ours = distance(lab(one), lab(other));
            assert!((ours - published).abs() < 1e-4, "pair {}: {ours} instead of {published}", n + 1);
        }
    }
}
