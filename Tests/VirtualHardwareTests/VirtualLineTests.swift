import Buses
import Testing

@testable import VirtualHardware

@Suite struct VirtualLineTests {
  private static let second: Int64 = 1_000_000_000

  private func pulses(_ rate: Signal, _ clock: ManualClock) -> VirtualPulseLine {
    VirtualPulseLine(rate: rate, now: clock.read, wait: clock.wait)
  }

  private func mains(_ frequency: Signal, _ clock: ManualClock) -> VirtualMainsLine {
    VirtualMainsLine(frequency: frequency, now: clock.read, wait: clock.wait)
  }

  @Test func `pulses are 30 ms long and one over the rate apart`() throws {
    let clock = ManualClock()
    var line = pulses(Signal(constant: 5), clock)
    for number in 1...20 {
      let due = Int64(number) * 200_000_000
      #expect(try line.nextEdge(within: .seconds(1)) == LineEdge(.rising, timestamp: due))
      #expect(clock.now == due)
      #expect(try line.level())
      let end = due + 30_000_000
      #expect(try line.nextEdge(within: .seconds(1)) == LineEdge(.falling, timestamp: end))
      #expect(clock.now == end)
      #expect(try !line.level())
    }
  }

  @Test func `fast pulses take half of their period`() throws {
    let clock = ManualClock()
    var line = pulses(Signal(constant: 100), clock)
    var edges: [LineEdge] = []
    for _ in 0..<4 { edges.append(try #require(try line.nextEdge(within: .seconds(1)))) }
    #expect(edges.map(\.timestamp) == [10_000_000, 15_000_000, 20_000_000, 25_000_000])
    #expect(edges.map(\.direction) == [.rising, .falling, .rising, .falling])
  }

  @Test func `gives up when no edge comes in time and loses none`() throws {
    let clock = ManualClock()
    var line = pulses(Signal(constant: 0.1), clock)
    for step in 1...9 {
      #expect(try line.nextEdge(within: .seconds(1)) == nil)
      #expect(clock.now == Int64(step) * Self.second)
    }
    #expect(
      try line.nextEdge(within: .seconds(1)) == LineEdge(.rising, timestamp: 10 * Self.second))
    #expect(try line.nextEdge(within: .zero) == nil)
    #expect(try line.nextEdge(within: .seconds(-1)) == nil)
  }

  @Test func `timestamps are exact though waits overshoot`() throws {
    let clock = ManualClock(overshootNanoseconds: 7_654_321)
    var line = pulses(Signal(constant: 5), clock)
    for number in 1...1000 {
      let rising = try #require(try line.nextEdge(within: .seconds(1)))
      let falling = try #require(try line.nextEdge(within: .seconds(1)))
      #expect(rising == LineEdge(.rising, timestamp: Int64(number) * 200_000_000))
      #expect(falling == LineEdge(.falling, timestamp: Int64(number) * 200_000_000 + 30_000_000))
    }
  }

  @Test func `edges that nobody asked for are kept`() throws {
    let clock = ManualClock()
    var line = pulses(Signal(constant: 5), clock)
    clock.now = 3600 * Self.second
    var count = 0
    while let edge = try line.nextEdge(within: .zero) {
      #expect(edge.timestamp <= clock.now)
      if edge.direction == .rising { count += 1 }
    }
    #expect(count == 18_000)
    #expect(clock.now == 3600 * Self.second)
  }

  @Test func `as many pulses as the energy asks for`() throws {
    // A meter of 1000 pulses a kWh and a power that rises from 0 to 7200 W in an hour and falls
    // back in the next: 7.2 kWh.
    let series = try Recording(name: "r", csv: "t,w\n0,0\n3600,7200\n7200,0\n10800,0\n")
    let clock = ManualClock()
    // 1 Wh a pulse: pulses a second are watts / 3600.
    var line = pulses(try signal("r.w * 0.000277778", Playback(of: series)), clock)
    clock.now = 10_000 * Self.second
    var rising: [Int64] = []
    while let edge = try line.nextEdge(within: .zero) {
      if edge.direction == .rising { rising.append(edge.timestamp) }
    }
    #expect(rising.count == 7200)
    // By t in the first hour, a factor k and t * t / 2 * 2 * k pulses have passed.
    for number in [1, 100, 3600] {
      let seconds = (Double(number) / 0.000277778).squareRoot()
      #expect(abs(Double(rising[number - 1]) / 1e9 - seconds) < 2e-9)
    }
  }

  @Test func `pulses of a recorded series are its integral`() throws {
    let series = try recording("surfrad-alamosa-2016-01-01", columns: ["wind_ms"])
    let clock = ManualClock()
    // A cup anemometer of 2.5 pulses a metre, a day in 24 minutes.
    var line = pulses(
      try signal("s.wind_ms * 2.5", Playback(of: renamed(series), speed: 60)), clock)
    clock.now = 1439 * Self.second
    var count = 0
    var previous: LineEdge?
    while let edge = try line.nextEdge(within: .zero) {
      if edge.direction == .rising { count += 1 }
      if let previous {
        #expect(edge.timestamp > previous.timestamp)
        #expect(edge.direction != previous.direction)
      }
      previous = edge
    }
    var integral = 0.0
    for row in 0..<1439 {
      let left = try #require(series.value(of: "wind_ms", inRow: row))
      let right = try #require(series.value(of: "wind_ms", inRow: row + 1))
      integral += (left + right) / 2 * 2.5
    }
    #expect(count == Int(integral + 1e-6))
  }

  @Test func `a pulse ends before the next when the rate jumps`() throws {
    let series = try Recording(name: "r", csv: "t,a\n0,1\n1,1000\n2,1000\n")
    let clock = ManualClock()
    var line = pulses(
      try signal("r.a", Playback(of: series, interpolation: .stepwise)), clock)
    var previous: LineEdge?
    for _ in 0..<100 {
      let edge = try #require(try line.nextEdge(within: .seconds(2)))
      if let previous {
        #expect(edge.timestamp > previous.timestamp)
        #expect(edge.direction != previous.direction)
      }
      previous = edge
    }
  }

  @Test func `no rate, a negative rate and a missing rate give no pulses`() throws {
    let series = try Recording(name: "r", csv: "t,a\n0,\n10,\n20,-4\n30,-4\n40,0\n")
    let clock = ManualClock()
    var line = pulses(try signal("r.a", Playback(of: series)), clock)
    #expect(try line.nextEdge(within: .seconds(40)) == nil)
    #expect(clock.now == 40 * Self.second)
  }

  @Test func `a mains line rises and falls once a cycle`() throws {
    let clock = ManualClock(1_000)
    var line = mains(try signal("50", origin: 1_000), clock)
    for number in 0..<200 {
      let half = 1_000 + Int64(number) * 10_000_000 + 10_000_000
      let edge = try #require(try line.nextEdge(within: .seconds(1)))
      #expect(edge == LineEdge(number % 2 == 0 ? .rising : .falling, timestamp: half))
      #expect(try line.level() == (number % 2 == 0))
    }
  }

  @Test func `a mains line follows a sine of frequency`() throws {
    let clock = ManualClock()
    var line = mains(try signal("sine(50, 0.2, 60 s)"), clock)
    clock.now = 600 * Self.second
    var rising: [Int64] = []
    while let edge = try line.nextEdge(within: .zero) {
      if edge.direction == .rising { rising.append(edge.timestamp) }
    }
    #expect(rising.count == 30_000)
    // 15 s: a quarter, at the highest frequency; 45 s at the lowest.
    for (seconds, hertz) in [(15, 50.2), (45, 49.8), (30, 50), (555, 50.2)] {
      let at = Int64(seconds) * Self.second
      let index = try #require(rising.firstIndex { $0 >= at })
      let period = Double(rising[index + 1] - rising[index]) / 1e9
      #expect(abs(1 / period - hertz) < 0.0005)
    }
  }

  @Test func `a mains line follows the blackout and stops where it is missing`() throws {
    let series = renamed(try recording("iberia-toledo-2025-04-28", columns: ["freq_hz"]))
    let clock = ManualClock()
    var line = mains(try signal("s.freq_hz", Playback(of: series)), clock)
    clock.now = 120 * Self.second
    var rising: [Int64] = []
    while let edge = try line.nextEdge(within: .zero) {
      if edge.direction == .rising { rising.append(edge.timestamp) }
    }
    // Row 45, from 90 s to 92 s, is missing.
    #expect(!rising.contains { (90 * Self.second..<92 * Self.second).contains($0) })
    #expect(rising.contains { (89_980_000_000..<90 * Self.second).contains($0) })
    #expect(rising.contains { (92 * Self.second..<92_020_000_000).contains($0) })
    var cycles = 0.0
    for row in 0..<60 {
      guard let left = series.value(of: "freq_hz", inRow: row) else { continue }
      cycles += left + (series.value(of: "freq_hz", inRow: row + 1) ?? left)
    }
    #expect(rising.count == Int((cycles + 0.5).rounded(.down)))
    // The frequency of a second is that of the record, 27 of 2 s each after the start.
    let first = try #require(rising.firstIndex { $0 >= 54 * Self.second })
    let frequency = 100 * 1e9 / Double(rising[first + 100] - rising[first])
    let left = try #require(series.value(of: "freq_hz", inRow: 27))
    let right = try #require(series.value(of: "freq_hz", inRow: 28))
    #expect(abs(frequency - (left + right) / 2) < 0.001)
  }

  @Test func `no frequency gives no edges`() throws {
    let clock = ManualClock()
    var line = mains(Signal(constant: 0), clock)
    #expect(try line.nextEdge(within: .seconds(100)) == nil)
    #expect(clock.now == 100 * Self.second)
    #expect(try !line.level())
  }

  @Test func `a clock that stands still does not hold the caller`() throws {
    var line = VirtualPulseLine(rate: Signal(constant: 1), now: { 0 }, wait: { _ in })
    #expect(try line.nextEdge(within: .seconds(2)) == LineEdge(.rising, timestamp: Self.second))
  }

  private func renamed(_ recording: Recording) -> Recording {
    Recording(
      name: "s", columns: recording.columns, form: recording.form, times: recording.times,
      cells: recording.cells)
  }
}
