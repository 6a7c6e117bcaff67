import Glibc
import Testing

@testable import Kernels

/// How many representable numbers lie between two results; 0 where both are NaN.
private func distance(_ a: Double, _ b: Double) -> UInt64 {
  if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
  func order(_ x: Double) -> Int64 {
    let bits = Int64(bitPattern: x.bitPattern)
    return bits < 0 ? Int64.min &- bits : bits
  }
  let (difference, overflow) = order(a).subtractingReportingOverflow(order(b))
  return overflow ? .max : difference.magnitude
}

private let specials: [Double] = [
  0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1.5, .nan, .infinity, -.infinity,
  .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, -.leastNormalMagnitude,
  .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1.0.nextUp, 1.0.nextDown, -1.0.nextUp,
  .pi, .pi / 2, -.pi / 2, 1e16, 1e-16, 1e22, 0x1p53, 0x1p53 + 2, 0x1p31, 0x1.fp62, 709.78,
  709.782712893384, 709.782712893385, -708.4, -745.13, -745.2, 1024, -1074, -1075, 0x1p-28,
]

/// Numbers of all sizes that a measured value can have, and some of any bits.
private func arguments(_ count: Int, seed: UInt64, within limit: Double) -> [Double] {
  var generator = SplitMix(state: seed)
  return (0..<count).map { index in
    let random = generator.next()
    let fraction = Double(random >> 11) * 0x1p-53
    switch index % 4 {
    case 0: return (2 * fraction - 1) * limit
    case 1: return (2 * fraction - 1)
    case 2: return Double(bitPattern: random)
    default: return (1 + (2 * fraction - 1) * 0x1p-10)
    }
  }
}

@Suite struct ElementaryTests {
  typealias Function = @Sendable (Double) -> Double

  @Test(arguments: [
    ("exp", Elementary.exp as Function, Glibc.exp as Function, 745.0),
    ("log", Elementary.log as Function, Glibc.log as Function, 1e6),
    ("sin", Elementary.sin as Function, Glibc.sin as Function, 1e4),
    ("cos", Elementary.cos as Function, Glibc.cos as Function, 1e4),
    ("atan", Elementary.atan as Function, Glibc.atan as Function, 100.0),
  ])
  func `agrees with the C library within one unit in the last place`(
    _ name: String, _ ours: @escaping Function, _ theirs: @escaping Function, _ limit: Double
  ) {
    var worst: UInt64 = 0
    var different = 0
    let numbers = arguments(200_000, seed: 1, within: limit) + specials
    for x in numbers {
      let gap = distance(ours(x), theirs(x))
      if gap > worst {
        worst = gap
        if gap > 1 { Issue.record("\(name)(\(x)) is off by \(gap)") }
      }
      different += gap > 0 ? 1 : 0
    }
    #expect(worst <= 1)
    #expect(different < numbers.count / 10)
  }

  @Test func `powers agree with the C library within one unit in the last place`() {
    let bases = arguments(100_000, seed: 2, within: 100)
    let exponents = arguments(100_000, seed: 3, within: 150)
    for (index, x) in bases.enumerated() {
      // Bases below 0 have whole powers only.
      let y = index % 8 == 0 ? exponents[index].rounded() : exponents[index]
      let base = index % 8 == 0 ? x : x.magnitude
      #expect(distance(Elementary.pow(base, y), Glibc.pow(base, y)) <= 1, "\(base) ^ \(y)")
    }
    for x in specials {
      for y in specials {
        let (ours, theirs) = (Elementary.pow(x, y), Glibc.pow(x, y))
        #expect(distance(ours, theirs) <= 1, "\(x) ^ \(y)")
        #expect(ours.isNaN || ours.sign == theirs.sign, "\(x) ^ \(y)")
      }
    }
  }

  @Test func `directions agree with the C library within one unit in the last place`() {
    let ys = arguments(100_000, seed: 4, within: 50)
    let xs = arguments(100_000, seed: 5, within: 50)
    for (y, x) in zip(ys, xs) {
      #expect(distance(Elementary.atan2(y, x), Glibc.atan2(y, x)) <= 1, "\(y), \(x)")
      #expect(distance(Elementary.atan2(y, -x), Glibc.atan2(y, -x)) <= 1, "\(y), \(-x)")
    }
    for x in specials {
      for y in specials {
        let (ours, theirs) = (Elementary.atan2(y, x), Glibc.atan2(y, x))
        #expect(distance(ours, theirs) <= 1, "\(y), \(x)")
        #expect(ours.isNaN || ours.sign == theirs.sign, "\(y), \(x)")
      }
    }
  }

  @Test func `large angles and those next to a quarter turn lose nothing`() {
    var generator = SplitMix(state: 6)
    var angles = [1e300, .greatestFiniteMagnitude]
    for exponent in 19...1023 {
      let significand = 1 + Double(generator.next() >> 12) * 0x1p-52
      angles.append(Double(sign: .plus, exponent: exponent, significand: significand))
    }
    for quarters in 1...5000 {
      let angle = Double(quarters) * (Double.pi / 2)
      angles += [angle, angle.nextUp, angle.nextDown]
    }
    for angle in angles + angles.map({ -$0 }) {
      #expect(distance(Elementary.sin(angle), Glibc.sin(angle)) <= 1, "\(angle)")
      #expect(distance(Elementary.cos(angle), Glibc.cos(angle)) <= 1, "\(angle)")
    }
  }

  // The double next to a quarter turn, by W. Kahan, "Minimizing q m - n", 1983; the cosine was
  // computed with 3000 bits. Some C libraries are off by 8 units here.
  @Test func `the angle nearest to a quarter turn has all its digits`() {
    let angle = 6_381_956_970_095_103 * 0x1p797
    #expect(Elementary.cos(angle) == -0x1.14ae72e6ba22fp-61)
    #expect(Elementary.sin(angle) == 1)
  }

  @Test func `odd functions keep the sign of zero, and small arguments their value`() {
    for tiny in [0.0, .leastNonzeroMagnitude, 0x1p-1030, 1e-20] {
      for x in [tiny, -tiny] {
        #expect(Elementary.sin(x).bitPattern == x.bitPattern)
        #expect(Elementary.atan(x).bitPattern == x.bitPattern)
        #expect(Elementary.exp(x) == 1 && Elementary.cos(x) == 1)
      }
    }
  }

  @Test func `exact results are exact`() {
    #expect(Elementary.exp(0) == 1 && Elementary.log(1) == 0)
    #expect(Elementary.pow(3, 5) == 243 && Elementary.pow(2, -1074) == .leastNonzeroMagnitude)
    #expect(Elementary.pow(-2, 3) == -8 && Elementary.pow(4, 0.5) == 2)
    #expect(Elementary.atan2(1, -1) == 3 * .pi / 4 && Elementary.atan2(-1, 0) == -.pi / 2)
    #expect(Elementary.sin(.infinity).isNaN && Elementary.cos(-.infinity).isNaN)
    #expect(Elementary.exp(710) == .infinity && Elementary.exp(-746) == 0)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(-1).isNaN)
  }

  // One number for the bits of many results: another machine must come to the same.
  @Test func `every machine gives the same bits`() {
    var fold = SplitMix(state: 0)
    let numbers = arguments(20_000, seed: 7, within: 700)
    for (index, x) in numbers.enumerated() {
      let other = numbers[(index &* 7919 &+ 1) % numbers.count]
      let results = [
        Elementary.exp(x), Elementary.log(x.magnitude), Elementary.sin(x), Elementary.cos(x),
        Elementary.atan2(x, other), Elementary.pow(x.magnitude, other / 16),
      ]
      // The bits of a NaN are the machine's own.
      for result in results where !result.isNaN {
        fold.state ^= result.bitPattern
        _ = fold.next()
        fold.state = fold.state &* 0x9E37_79B9_7F4A_7C15
      }
    }
    #expect(fold.state == 16_919_075_515_878_501_762)
  }
}
