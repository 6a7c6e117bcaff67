import Kernels
import Testing

private let hour: Int64 = 3_600_000_000_000
private let day = 24 * hour

@Suite struct SeasonalProfileTests {
  @Test func `tells what was usual in a bin, a pass as a whole`() throws {
    var profile = try #require(SeasonalProfile(bins: 24, rate: 0.2))
    #expect(profile.accept(Sample(nanoseconds: 0, value: 1)) == nil)
    #expect(profile.accept(Sample(nanoseconds: hour / 2, value: 3)) == nil)
    // The pass is still open.
    #expect(profile.usual(at: 0) == nil)
    #expect(profile.accept(Sample(nanoseconds: hour, value: 10)) == nil)
    // Mean 2; the variance 1 about the mean of all so far, 2.
    let first = try #require(profile.usual(at: hour - 1))
    #expect(first.mean == 2 && first.variance == 1 && first.deviation == 1)
    // The second day at 6 counts for a half: (2 + 6) / 2, and (1 + 16) / 2.
    let known = profile.accept(Sample(nanoseconds: day, value: 6))
    #expect(known == first)
    _ = profile.accept(Sample(nanoseconds: day + hour, value: 6))
    let second = try #require(profile.usual(at: 2 * day))
    #expect(second.mean == 4 && second.variance == 8.5)
  }

  @Test func `old passes fade with the rate`() throws {
    var profile = try #require(SeasonalProfile(bins: 2, period: 2, rate: 0.5))
    for index in 0..<200 as Range<Int64> {
      _ = profile.accept(Sample(nanoseconds: index, value: index < 100 ? 0 : 8))
    }
    #expect(abs(try #require(profile.usual(at: 0)).mean - 8) < 1e-9)
    #expect(try #require(profile.usual(at: 1)).variance < 1e-9)
  }

  @Test func `knows the mean and the deviation of each hour of a noisy day`() throws {
    var profile = try #require(SeasonalProfile(rate: 0.02))
    for sample in stream(
      288 * 200, seed: 1,
      { _, time, noise in
        Double(time / hour % 24) + 2 * normal(&noise)
      })
    {
      _ = profile.accept(sample)
    }
    for index in 0..<24 as Range<Int64> {
      let usual = try #require(profile.usual(at: index * hour))
      #expect(abs(usual.mean - Double(index)) < 0.25)
      #expect(abs(usual.deviation - 2) < 0.25)
    }
  }

  @Test func `a period sampled once is a pass each time`() throws {
    var profile = try #require(SeasonalProfile(bins: 1))
    #expect(profile.accept(Sample(nanoseconds: 5, value: 4)) == nil)
    let second = profile.accept(Sample(nanoseconds: 5 + day, value: 8))
    let third = profile.accept(Sample(nanoseconds: 5 + 2 * day, value: 0))
    #expect(second?.mean == 4 && third?.mean == 6)
  }

  @Test func `times before the epoch have the bins of their day`() throws {
    var profile = try #require(SeasonalProfile(bins: 24))
    _ = profile.accept(Sample(nanoseconds: -1, value: 23))
    _ = profile.accept(Sample(nanoseconds: -day, value: 0))
    _ = profile.accept(Sample(nanoseconds: 5 * day + hour, value: 1))
    #expect(profile.usual(at: day - 1)?.mean == 23)
    #expect(profile.usual(at: 0)?.mean == 0)
    #expect(profile.usual(at: hour) == nil)
  }

  @Test func `what makes no bins is refused`() {
    #expect(SeasonalProfile(bins: 0) == nil && SeasonalProfile(bins: 10_081) == nil)
    #expect(SeasonalProfile(bins: 7) == nil && SeasonalProfile(bins: 2, period: 1) == nil)
    #expect(SeasonalProfile(bins: 1, period: 0) == nil && SeasonalProfile(period: -24) == nil)
    for rate in [0, -1, 1.01, Double.nan] { #expect(SeasonalProfile(rate: rate) == nil) }
    #expect(SeasonalProfile(bins: 1, period: .max, rate: 1)?.period == .max)
  }

  @Test func `never traps, and passes over what is no number`() throws {
    var generator = SplitMix(state: 2)
    for (bins, period) in [(1, 1), (24, day), (3, Int64.max - 1), (10_080, 7 * day)] {
      guard var profile = SeasonalProfile(bins: bins, period: period) else { continue }
      for _ in 0..<3000 {
        let time = [
          Int64(bitPattern: generator.next()), .min, .max, 0, Int64(generator.next() % 1000),
        ][Int(generator.next() % 5)]
        let value = Double(bitPattern: generator.next())
        if let usual = profile.accept(Sample(nanoseconds: time, value: value)) {
          #expect(usual.mean.isFinite && usual.deviation.isFinite)
        }
        #expect(profile.accept(Sample(nanoseconds: time, value: .nan)) == nil)
      }
    }
  }
}
