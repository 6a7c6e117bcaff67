import Kernels
import Testing

@Suite struct UnbalanceTests {
  private let third = 2 * Double.pi / 3

  @Test func `100, 90 and 100 V at 120 degrees give 3.448 percent`() throws {
    // As the tests of pqopen-lib have it.
    let expected = 3.4482758620689
    let phasors = try #require(
      Unbalance(
        .init(magnitude: 100, angle: 0), .init(magnitude: 90, angle: -third),
        .init(magnitude: 100, angle: third)))
    #expect((phasors.negative - expected).magnitude < 1e-12)
    #expect(((phasors.zero ?? 0) - expected).magnitude < 1e-12)
    let magnitudes = try #require(Unbalance(magnitudes: 100, 90, 100))
    #expect((magnitudes.negative - expected).magnitude < 1e-12)
    #expect(((magnitudes.zero ?? 0) - expected).magnitude < 1e-12)
  }

  @Test func `a balanced system has none, and the wrong sequence has no positive part`() {
    let balanced = Unbalance(magnitudes: 230, 230, 230)
    #expect((balanced?.negative ?? 1) < 1e-12 && (balanced?.zero ?? 1) < 1e-12)
    let wrong = Unbalance(
      .init(magnitude: 230, angle: 0), .init(magnitude: 230, angle: third),
      .init(magnitude: 230, angle: -third))
    #expect((wrong?.negative ?? 1e9) > 1e9)
  }

  @Test func `line-to-line voltages give the same negative sequence as phasors`() throws {
    var generator = SplitMix(state: 21)
    func uniform() -> Double { Double(generator.next() % 1_000_000) / 1_000_000 }
    for _ in 0..<500 {
      let phases = (0..<3).map { index in
        Unbalance.Phasor(
          magnitude: 230 * (0.8 + 0.4 * uniform()),
          angle: -Double(index) * third + 0.3 * uniform())
      }
      let points = phases.map {
        ($0.magnitude * Elementary.cos($0.angle), $0.magnitude * Elementary.sin($0.angle))
      }
      func side(_ from: Int, _ to: Int) -> Double {
        let (x, y) = (points[from].0 - points[to].0, points[from].1 - points[to].1)
        return (x * x + y * y).squareRoot()
      }
      let exact = try #require(Unbalance(phases[0], phases[1], phases[2]))
      let lines = try #require(Unbalance(lineToLine: side(0, 1), side(1, 2), side(2, 0)))
      #expect((exact.negative - lines.negative).magnitude < 1e-5)
      #expect(lines.zero == nil)
    }
  }

  @Test func `the unit does not matter, and what is no voltage is refused`() throws {
    let small = try #require(Unbalance(lineToLine: 4.0e-200, 3.9e-200, 3.8e-200))
    let large = try #require(Unbalance(lineToLine: 400, 390, 380))
    #expect((small.negative - large.negative).magnitude < 1e-9)
    for wrong in [Double.nan, .infinity, -1] {
      #expect(Unbalance(magnitudes: wrong, 230, 230) == nil)
      #expect(Unbalance(lineToLine: 230, wrong, 230) == nil)
      let phase = Unbalance.Phasor(magnitude: 230, angle: wrong)
      let made = Unbalance(phase, phase, phase)
      #expect(made?.negative.isFinite ?? true)
    }
    #expect(Unbalance(magnitudes: 0, 0, 0) == nil)
    // Three sides that make no triangle.
    #expect(Unbalance(lineToLine: 100, 10, 10) == nil)
  }
}
