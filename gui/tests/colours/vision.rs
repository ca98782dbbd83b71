//! What people with and without all three kinds of cones see of a colour.

use crate::ciede2000::Lab;
use egui::Color32;

/// A kind of colour vision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vision {
    /// All three kinds of cones.
    Full,
    /// No cones for long waves.
    Protanopia,
    /// No cones for middle waves.
    Deuteranopia,
    /// No cones for short waves.
    Tritanopia,
}

type Matrix = [[f64; 3]; 3];

impl Vision {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Full, Self::Protanopia, Self::Deuteranopia, Self::Tritanopia];

    /// On linear RGB, at severity 1.0 (Machado, Oliveira and Fernandes 2009, table 1).
    const fn matrix(self) -> Matrix {
        match self {
            Self::Full => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Protanopia => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deuteranopia => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Self::Tritanopia => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        }
    }

    /// The colour as it is seen, as linear RGB.
    fn seen(self, colour: Color32) -> [f64; 3] {
        let [red, green, blue, _] = colour.to_srgba_unmultiplied();
        times(&self.matrix(), [red, green, blue].map(linear)).map(|part| part.clamp(0.0, 1.0))
    }

    /// The colour as it is seen, in CIELAB under D65.
    pub fn lab(self, colour: Color32) -> Lab {
        const TO_XYZ: Matrix = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ];
        const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];
        let xyz = times(&TO_XYZ, self.seen(colour));
        let part = |n: usize| {
            let part = xyz[n] / WHITE[n];
            if part > 216.0 / 24389.0 { part.cbrt() } else { (part * 24389.0 / 27.0 + 16.0) / 116.0 }
        };
        let (x, y, z) = (part(0), part(1), part(2));
        Lab { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }
}

fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// A channel of sRGB as an amount of light.
fn linear(channel: u8) -> f64 {
    let part = f64::from(channel) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[test]
fn greys_are_seen_by_everybody() {
    for vision in Vision::ALL {
        for grey in [0, 64, 128, 255] {
            let seen = vision.seen(Color32::from_gray(grey));
            for part in seen {
                assert!((part - linear(grey)).abs() < 2e-3, "{vision:?} sees grey {grey} as {seen:?}");
            }
        }
    }
}

#[test]
fn red_and_green_meet_where_cones_for_either_lack() {
    // The paper's own example: a protanope sees pure red almost black, a deuteranope a dark yellow.
    let red = Color32::from_rgb(255, 0, 0);
    assert!(Vision::Protanopia.lab(red).l < 43.0 && Vision::Full.lab(red).l > 53.0);
    let [r, g, b] = Vision::Deuteranopia.seen(red);
    assert!((r - 0.367_322).abs() < 1e-6 && (g - 0.280_085).abs() < 1e-6 && b == 0.0);
}

#[test]
fn white_is_the_white_of_cielab() {
    let white = Vision::Full.lab(Color32::WHITE);
    assert!((white.l - 100.0).abs() < 1e-3 && white.a.abs() < 1e-2 && white.b.abs() < 1e-2, "{white:?}");
    // Bruce Lindbloom's value for the red of sRGB.
    let red = Vision::Full.lab(Color32::from_rgb(255, 0, 0));
    assert!(
        (red.l - 53.2408).abs() < 1e-3 && (red.a - 80.0925).abs() < 1e-2 && (red.b - 67.2032).abs() < 1e-2
    );
}
