import Board
import Kernels
import Quantities
import Testing

private let temperature = column("air.temperature", .celsius)
private let humidity = column("air.humidity", .relativeHumidity)
private let outdoor = column("roof.temperature", .celsius)
private let columns = [temperature, humidity, outdoor]

private let dew = "dew: { kind: dew-point, temperature: air.temperature, humidity: air.humidity }"

private func row(_ lines: String..., over more: [ChannelReference] = []) throws -> KernelRow {
  KernelRow(try reading(lines, over: columns + more).get())
}

/// The values of one kernel.
private func values(_ kernel: String, _ given: [NamedValue]) -> [NamedValue] {
  given.filter { $0.name.hasPrefix(kernel + ".") }
}

@Suite struct KernelPairingTests {
  // MARK: Consistency

  @Test func `a dew point is held against the temperature of its own round, once`() throws {
    var row = try row(
      dew, "ok: { kind: consistency, first: dew.value, second: air.temperature }",
      "bad: { kind: statistics, of: ok.flag, window: 1 h, compute: [count, max] }")
    var flags: [NamedValue] = []
    // The temperature falls so fast that the dew point of the round before is above it.
    for round in 0..<Int64(20) {
      flags += values("ok", row.take(20 - 2 * Double(round), of: temperature, at: round * 10))
      flags += values("ok", row.take(98, of: humidity, at: round * 10))
    }
    #expect(flags == (0..<20).map { NamedValue("ok.flag", 1, at: $0 * 10) })
    // What listens to the flag hears no other one.
    #expect(
      row.named(row.advance(to: 3600 * second)).filter { $0.name.hasPrefix("bad") }
        == [NamedValue("bad.count", 20, at: 3600), NamedValue("bad.max", 1, at: 3600)])
  }

  @Test func `a dew point above the temperature is suspect`() throws {
    var row = try row("ok: { kind: consistency, first: roof.temperature, second: air.temperature }")
    #expect(row.take(12, of: outdoor, at: 0).isEmpty)
    #expect(row.take(11, of: temperature, at: 3) == [NamedValue("ok.flag", 3, at: 3)])
    #expect(row.take(12, of: outdoor, at: 10).isEmpty)
    #expect(row.take(12, of: temperature, at: 13) == [NamedValue("ok.flag", 1, at: 13)])
  }

  @Test func `who waits too long is not evaluated, as often as the time passes`() throws {
    let line = "ok: { kind: consistency, first: roof.temperature, second: air.temperature }"
    var told = try row(line)
    var untold = told
    var (ticks, samples): ([NamedValue], [NamedValue]) = ([], [])
    for time in 0..<Int64(125) {
      ticks += told.named(told.advance(to: time * second))
      ticks += told.take(5, of: outdoor, at: time)
      samples += untold.take(5, of: outdoor, at: time)
    }
    // Sixty seconds after 0, and after 61, when the next one began to wait.
    #expect(ticks == [NamedValue("ok.flag", 2, at: 60), NamedValue("ok.flag", 2, at: 121)])
    #expect(samples == ticks)
    #expect(told.take(6, of: temperature, at: 125) == [NamedValue("ok.flag", 1, at: 125)])
    #expect(told.named(told.advance(to: 1000 * second)).isEmpty)
    // A sample alone, and nothing more.
    #expect(told.take(6, of: temperature, at: 2000).isEmpty)
    #expect(told.named(told.advance(to: 2060 * second)).isEmpty)
    #expect(
      told.named(told.advance(to: 2061 * second)) == [NamedValue("ok.flag", 2, at: 2060)])
    #expect(told.named(told.advance(to: 9000 * second)).isEmpty)
  }

  @Test func `a value that is none makes its round missing, once`() throws {
    let line = "ok: { kind: consistency, first: roof.temperature, second: air.temperature }"
    for (first, second) in [(Double.nan, 5), (5, .nan), (.nan, .infinity)] as [(Double, Double)] {
      var row = try row(line)
      let given = row.take(first, of: outdoor, at: 1) + row.take(second, of: temperature, at: 1)
      #expect(given == [NamedValue("ok.flag", 9, at: 1)])
      let next = row.take(1, of: outdoor, at: 2) + row.take(2, of: temperature, at: 2)
      #expect(next == [NamedValue("ok.flag", 1, at: 2)])
    }
  }

  @Test func `streams in units of one kind are compared, others are not`() throws {
    let pressures = [column("a", .pascal), column("b", .hectopascal)]
    var row = try row("ok: { kind: consistency, first: a, second: b }", over: pressures)
    #expect(row.take(101_325, of: pressures[0], at: 0).isEmpty)
    #expect(row.take(1013.25, of: pressures[1], at: 0) == [NamedValue("ok.flag", 1, at: 0)])
    #expect(row.take(101_326, of: pressures[0], at: 1).isEmpty)
    #expect(row.take(1013.25, of: pressures[1], at: 1) == [NamedValue("ok.flag", 3, at: 1)])
    #expect(
      try faults(
        "ok: { kind: consistency, first: air.humidity, second: air.temperature }", over: columns)
        == [
          "'air.temperature' in Cel cannot be held against 'air.humidity' in %RH;"
            + " name two channels of one unit"
        ])
    #expect(
      try faults(
        "ok: { kind: consistency, rule: zero-together, first: air.humidity,"
          + " second: air.temperature }", over: columns
      ).isEmpty)
  }

  // MARK: Rounds

  private static let sum = "s: { kind: combine, of: [air.temperature, roof.temperature], as: sum }"

  @Test func `a sample that is lost costs its round and shifts no other`() throws {
    for lost in 0..<2 {
      var row = try row(Self.sum)
      var given: [NamedValue] = []
      for round in 0..<Int64(6) {
        for (index, channel) in [temperature, outdoor].enumerated()
        where round != 3 || index != lost {
          given += row.take(Double(round) * (index == 0 ? 1 : 100), of: channel, at: round * 10)
        }
      }
      #expect(
        given
          == [0, 1, 2, 4, 5].map { NamedValue("s.value", Double($0) * 101, at: $0 * 10) })
    }
  }

  @Test func `a sample that is lost at the start shifts no round`() throws {
    var row = try row(Self.sum)
    var given = row.take(100, of: outdoor, at: 0)
    for round in Int64(1)..<4 {
      given += row.take(Double(round), of: temperature, at: round * 10)
      given += row.take(100 * Double(round), of: outdoor, at: round * 10)
    }
    // Nothing is known of the streams yet, so the first pair is what is near enough.
    #expect(given.map(\.value) == [101, 202, 303])
    #expect(given.map(\.nanoseconds) == [10, 20, 30].map { $0 * second })
  }

  @Test func `a value that is none spoils its own round only`() throws {
    for lost in 0..<2 {
      var row = try row(Self.sum)
      var given: [NamedValue] = []
      for round in 0..<Int64(5) {
        for (index, channel) in [temperature, outdoor].enumerated() {
          let value = Double(round) * (index == 0 ? 1 : 100)
          given += row.take(
            round == 0 && index == lost ? .nan : value, of: channel, at: round * 10)
        }
      }
      #expect(given == (1..<5).map { NamedValue("s.value", Double($0) * 101, at: $0 * 10) })
    }
  }

  @Test func `streams of different times are paired within the tolerance`() throws {
    var row = try row(Self.sum)
    var given: [NamedValue] = []
    for round in 0..<Int64(5) {
      given += row.take(Double(round), of: temperature, at: round * 10)
      given += row.take(100 * Double(round), of: outdoor, at: round * 10 + 3)
    }
    #expect(given == (0..<5).map { NamedValue("s.value", Double($0) * 101, at: $0 * 10 + 3) })
  }

  @Test func `streams that met by chance are paired again after two sets`() throws {
    var row = try row(Self.sum)
    var given: [NamedValue] = []
    for round in 0..<Int64(9) {
      given += row.take(Double(round), of: temperature, at: round * 10)
      given += row.take(Double(round), of: outdoor, at: round * 10 + (round == 2 ? 0 : 3))
    }
    #expect(given.prefix(3).map(\.value) == [0, 2, 4])
    #expect(given.last == NamedValue("s.value", 16, at: 83))
    #expect(given.count == 8)
  }

  @Test func `stamps that repeat lose no pair`() throws {
    var row = try row(Self.sum)
    var given: [NamedValue] = []
    for index in 0..<Int64(12) {
      given += row.take(Double(index), of: temperature, at: index / 4)
      given += row.take(Double(index), of: outdoor, at: index / 4)
    }
    #expect(given == (0..<12).map { NamedValue("s.value", Double(2 * $0), at: $0 / 4) })
  }

  // MARK: Kinds of several streams

  @Test(arguments: [
    "k: { kind: heat-index, temperature: air.temperature, humidity: air.humidity }",
    "k: { kind: wet-bulb, temperature: dew.value, humidity: air.humidity }",
    "k: { kind: absolute-humidity, temperature: dew.value, humidity: air.humidity }",
    "k: { kind: combine, of: [dew.value, air.temperature], as: difference }",
    "k: { kind: combine, of: [air.humidity, dew.value], as: ratio, unit: / }",
    "k: { kind: consistency, first: dew.value, second: air.temperature }",
    "k: { kind: consistency, first: air.temperature, second: dew.value, flag: fail }",
    "k: { kind: consistency, rule: zero-together, first: dew.value, second: air.humidity }",
  ])
  func `gives one value in each round, of that round alone`(_ line: String) throws {
    var row = try row(dew, line)
    for round in 0..<Int64(12) {
      var given: [NamedValue] = []
      // A round that is measured anew alone gives the same: nothing of the one before is in it.
      var alone = try self.alone(line)
      var expected: [NamedValue] = []
      for (channel, value) in [
        (temperature, 30 - 3 * Double(round)), (humidity, 95 - Double(round)),
      ] {
        given += values("k", row.take(value, of: channel, at: round * 10))
        expected += values("k", alone.take(value, of: channel, at: round * 10))
      }
      #expect(given.count == 1 && given == expected, "round \(round)")
    }
  }

  private func alone(_ line: String) throws -> KernelRow { try row(dew, line) }

  @Test func `the phases of an unbalance are of one round`() throws {
    let phases = ["a", "b", "c"].map { column($0, .volt) }
    var row = try row("k: { kind: unbalance, a: a, b: b, c: c }", over: phases)
    var negative: [NamedValue] = []
    for round in 0..<Int64(10) {
      for (index, phase) in phases.enumerated() where round != 4 || index != 1 {
        // All phases move together, so that only phases of two rounds are unlike.
        negative += row.take(230 - 10 * Double(round), of: phase, at: round)
          .filter { $0.name == "k.negative" }
      }
    }
    #expect(negative.map(\.nanoseconds) == [0, 1, 2, 3, 5, 6, 7, 8, 9].map { $0 * second })
    #expect(negative.allSatisfy { $0.value.magnitude < 1e-9 })
  }
}
