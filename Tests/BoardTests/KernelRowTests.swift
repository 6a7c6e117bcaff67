import Board
import Kernels
import Quantities
import Testing

private let temperature = column("air.temperature", .celsius)
private let humidity = column("air.humidity", .relativeHumidity)
private let pressure = column("air.pressure", .pascal)
private let air = [temperature, humidity, pressure]

private let small = """
  board: { name: cellar }
  buses:
    i2c-1: { device: /dev/i2c-1 }
  sensors:
    air: { driver: bme280, on: i2c-1, every: 10 s }

  """

@Suite struct KernelRowTests {
  // MARK: Order

  private static let chain = [
    "hours: { kind: statistics, of: air.temperature, window: 1 h, compute: [mean, count] }",
    "days: { kind: statistics, of: hours.mean, window: 1 d, compute: [mean, count] }",
    "warm: { kind: threshold, of: days.mean, above: 11 }",
    "odd: { kind: consistency, first: hours.mean, second: days.mean, within: 0 s }",
  ]

  @Test func `the order in the file changes neither the kernels nor their outputs`() throws {
    var lists: [[String]] = [[]]
    for line in Self.chain {
      lists = lists.flatMap { list in
        (0...list.count).map { Array(list[..<$0]) + [line] + Array(list[$0...]) }
      }
    }
    #expect(lists.count == 24)
    var expected: Set<NamedValue>?
    for list in lists {
      let kernels = try reading(list, over: air).get()
      #expect(kernels.count == 4)
      for (place, kernel) in kernels.enumerated() {
        for input in kernel.inputs where input.sensor != "air" {
          #expect(kernels[..<place].contains { $0.name == input.sensor }, "\(list)")
        }
      }
      var row = KernelRow(kernels)
      var given: Set<NamedValue> = []
      for hour in 0..<Int64(80) {
        given.formUnion(row.take(Double(hour), of: temperature, at: hour * 3600 + 7))
      }
      #expect(given.count > 80)
      #expect(given == expected ?? given, "\(list)")
      expected = given
    }
  }

  @Test func `kernels that listen to each other in a circle are told once, and no others`() throws {
    let remedy = "name a column in one of them"
    #expect(
      try faults(
        "a: { kind: clamp, of: b.value }", "b: { kind: clamp, of: c.value }",
        "c: { kind: clamp, of: a.value }", "d: { kind: clamp, of: c.value }",
        "e: { kind: clamp, of: d.value }", "good: { kind: clamp, of: air.humidity }", over: air)
        == ["kernels 'a', 'b', 'c' listen to each other in a circle; \(remedy)"])
    #expect(
      try faults(
        "a: { kind: clamp, of: b.value }", "b: { kind: clamp, of: [air.pressure, a.value] }",
        "x: { kind: consistency, first: b.value, second: y.value }",
        "y: { kind: clamp, of: z.value }", "z: { kind: clamp, of: y.value }", over: air)
        == [
          "kernels 'a', 'b' listen to each other in a circle; \(remedy)",
          "kernels 'y', 'z' listen to each other in a circle; \(remedy)",
        ])
  }

  @Test func `a kernel that listens to itself is told so, and those behind it are not`() throws {
    #expect(
      try faults(
        "b: { kind: clamp, of: a.value }", "a: { kind: clamp, of: [air.humidity, a.value] }",
        over: air) == ["kernel 'a' listens to itself; name a column in one of them"])
    #expect(
      try errors(small + "kernels: { a: { kind: clamp, of: a.* } }\n") == [
        "f:6:12: error: kernel 'a' listens to itself; name a sensor's channel in one of them"
      ])
  }

  @Test func `a ring of two thousand kernels is one error`() throws {
    let lines = (0..<2000).map { "k\($0): { kind: clamp, of: k\(($0 + 1) % 2000).value }" }
    guard case .failure(let errors) = try reading(lines, over: air) else {
      Issue.record("a circle was read")
      return
    }
    #expect(errors.diagnostics.count == 1)
  }

  @Test func `a column comes before a kernel of its name`() throws {
    let columns = [column("clamp"), column("round.value")]
    let made = try kernels(
      "clamp: { kind: clamp, of: clamp }", "after: { kind: clamp, of: clamp.value }",
      "round: { kind: clamp, of: round.value }", over: columns)
    #expect(made.map(\.name) == ["clamp", "after", "round"])
    #expect(made[1].inputs == [column("clamp.value")])
  }

  // MARK: Names and units

  @Test func `inputs with a key must have their unit`() throws {
    #expect(
      try faults(
        "dew: { kind: dew-point, temperature: air.pressure, humidity: air.humidity }", over: air)
        == [
          "'temperature' must be in Cel, but 'air.pressure' is in Pa; name a channel in Cel"
        ])
    #expect(
      try faults(
        "dew: { kind: dew-point, temperature: air.temperature, humidity: air.humidity }",
        "again: { kind: dew-point, temperature: air.temperature, humidity: dew.value }", over: air)
        == ["'humidity' must be in %RH, but 'dew.value' is in Cel; name a channel in %RH"])
    #expect(
      try faults("energy: { kind: energy, of: air.pressure }", over: air)
        == [
          "'energy' needs watts, but 'air.pressure' is in Pa; name a channel of power"
        ])
    #expect(
      try faults(
        "dew: { kind: dew-point, temperature: air.*, humidity: air.humidity }", over: air)
        == ["'temperature' takes one channel, but 3 are named; name one"])
    #expect(
      try kernels("all: { kind: multivariate, of: air.* }", over: [column("t")] + air)[0].inputs
        == air)
    // What has no unit fits, as a column of a table does.
    #expect(
      try kernels(
        "dew: { kind: dew-point, temperature: t, humidity: air.humidity }",
        over: air + [column("t")]
      ).count == 1)
  }

  @Test func `unknown outputs, kernels and columns are told with what is near`() throws {
    let dew = "dew: { kind: dew-point, temperature: air.temperature, humidity: air.humidity }"
    #expect(
      try faults(dew, "a: { kind: clamp, of: dew.valu }", over: air)
        == ["kernel 'dew' has no output 'valu'; did you mean 'value'?"])
    #expect(
      try faults(dew, "a: { kind: clamp, of: dw.value }", over: air)
        == ["there is no column 'dw.value'; did you mean 'dew.value'?"])
    #expect(
      try faults(dew, "a: { kind: clamp, of: air.humidty }", over: air)
        == ["there is no column 'air.humidty'; did you mean 'air.humidity'?"])
    #expect(
      try errors(
        small + """
          kernels:
            mean: { kind: statistics, of: air.temperature, window: 1 min, compute: [mean, max] }
            a: { kind: clamp, of: mean.min }
            b: { kind: clamp, of: air.min }
            c: { kind: clamp, of: men.max }

          """) == [
          "f:8:25: error: kernel 'mean' has no output 'min'; write one of mean, max, *",
          "f:9:25: error: sensor 'air' has no channel 'min'; write one of temperature, humidity,"
            + " pressure, *",
          "f:10:25: error: unknown sensor 'men' in 'men.max'; did you mean 'mean'?",
        ])
  }

  @Test func `over several channels outputs begin with the channel's name`() throws {
    let board = try board(
      small + """
        kernels:
          m: { kind: statistics, of: air.*, window: 1 min, compute: [mean, max] }
          one: { kind: statistics, of: air.humidity, window: 1 min }
          all: { kind: clamp, of: m.* }
          some: { kind: clamp, of: [m.air.pressure.max, one.mean], max: 5 }

        """)
    let names = ["temperature", "humidity", "pressure"].flatMap {
      ["air.\($0).mean", "air.\($0).max"]
    }
    #expect(board.kernels.map(\.name) == ["m", "one", "all", "some"])
    #expect(board.kernels[0].outputs.map(\.name) == names)
    #expect(
      board.kernels[0].outputs.map(\.unit) == [
        .celsius, .celsius, .relativeHumidity, .relativeHumidity, .pascal, .pascal,
      ])
    #expect(board.kernels[1].outputs.map(\.name) == ["mean"])
    #expect(board.kernels[2].outputs.map(\.name) == names.map { "m.\($0).value" })
    #expect(board.kernels[2].outputs.map(\.unit) == board.kernels[0].outputs.map(\.unit))
    #expect(
      board.kernels[3].outputs.map(\.name) == ["m.air.pressure.max.value", "one.mean.value"])

    var row = KernelRow(board.kernels)
    _ = row.take(7, of: pressure, at: 30)
    #expect(
      row.take(9, of: pressure, at: 61) == [
        NamedValue("m.air.pressure.mean", 7, at: 60),
        NamedValue("all.m.air.pressure.mean.value", 7, at: 60, less: 1),
        NamedValue("m.air.pressure.max", 7, at: 60),
        NamedValue("all.m.air.pressure.max.value", 7, at: 60, less: 1),
        NamedValue("some.m.air.pressure.max.value", 5, at: 60, less: 1),
      ])
  }

  // MARK: Streams

  @Test func `means of hours count in the day in which their hour was`() throws {
    var row = KernelRow(
      try kernels(
        "days: { kind: statistics, of: hours.mean, window: 1 d, compute: [count, min, max] }",
        "hours: { kind: statistics, of: air.temperature, window: 1 h }", over: air))
    var days: [NamedValue] = []
    for minute in 0..<Int64(60 * 50) {
      days += row.take(Double(minute / 60), of: temperature, at: minute * 60)
        .filter { $0.name.hasPrefix("days") }
    }
    // The hour that ends at midnight is of the day before.
    #expect(
      days == [
        NamedValue("days.count", 24, at: 86_400), NamedValue("days.min", 0, at: 86_400),
        NamedValue("days.max", 23, at: 86_400), NamedValue("days.count", 24, at: 172_800),
        NamedValue("days.min", 24, at: 172_800), NamedValue("days.max", 47, at: 172_800),
      ])
  }

  @Test func `time alone closes short and long windows, short ones first`() throws {
    let kernels = try kernels(
      "hour: { kind: statistics, of: minutes.mean, window: 1 h, compute: [mean, count] }",
      "minutes: { kind: statistics, of: air.temperature, window: 1 min }", over: air)
    var row = KernelRow(kernels)
    _ = row.take(4, of: temperature, at: 3590)
    #expect(
      row.named(row.advance(to: 3600 * second)) == [
        NamedValue("minutes.mean", 4, at: 3600), NamedValue("hour.mean", 4, at: 3600),
        NamedValue("hour.count", 1, at: 3600),
      ])
    #expect(row.advance(to: 3600 * second).isEmpty)
  }

  @Test func `one sample runs through the whole graph before the next`() throws {
    var row = KernelRow(
      try kernels(
        "a: { kind: round, of: air.temperature, decimals: 0 }",
        "b: { kind: clamp, of: a.value, max: 5 }",
        "c: { kind: consistency, first: a.value, second: b.value }",
        "d: { kind: threshold, of: b.value, above: 4 }", over: air))
    #expect(
      row.take(3.2, of: temperature, at: 1).map(\.name) == [
        "a.value", "b.value", "d.alarm", "c.flag",
      ])
    let outputs = row.accept(Sample(nanoseconds: 2 * second, value: 9), of: temperature)
    #expect(
      row.named(outputs).filter { $0.name != "c.flag" } == [
        NamedValue("a.value", 9, at: 2), NamedValue("b.value", 5, at: 2),
        NamedValue("d.alarm", 1, at: 2),
      ])
    let events = outputs.compactMap { output -> KernelEvent? in
      guard case .event(let event) = output.given else { return nil }
      return event
    }
    #expect(events.map(\.subject) == [column("b.value", .celsius)])
    #expect(events.map(\.reason) == ["value is above 4"] && events.map(\.value) == [5])
    // A channel that nobody listens to gives nothing.
    #expect(row.take(1, of: humidity, at: 3).isEmpty)
  }

  @Test func `a state is given when it changes, and for every sample where that is wanted`() throws
  {
    let kernels = try kernels(
      "warm: { kind: threshold, of: air.temperature, above: 5 }",
      "count: { kind: statistics, of: warm.alarm, window: 10 s, compute: [count, max] }",
      over: air)
    let values: [Double] = [1, 2, 6, 7, 1, 1, 6]
    var changes = KernelRow(kernels)
    var every = KernelRow(kernels, givesUnchangedStates: true)
    var (few, all): ([NamedValue], [NamedValue]) = ([], [])
    for (index, value) in values.enumerated() {
      few += changes.take(value, of: temperature, at: Int64(index))
      all += every.take(value, of: temperature, at: Int64(index))
    }
    #expect(
      few == [(0, 0), (2, 1), (4, 0), (6, 1)].map { NamedValue("warm.alarm", $0.1, at: $0.0) })
    #expect(
      all
        == [0, 0, 1, 1, 0, 0, 1].enumerated().map {
          NamedValue("warm.alarm", $0.element, at: Int64($0.offset))
        })
    // Those who listen to a state hear it for every sample in both.
    let counts = [NamedValue("count.count", 7, at: 10), NamedValue("count.max", 1, at: 10)]
    #expect(changes.named(changes.advance(to: 10 * second)) == counts)
    #expect(every.named(every.advance(to: 10 * second)) == counts)
  }

  @Test func `an inlet is the same as its channel`() throws {
    let lines = Self.chain + ["c: { kind: clamp, of: air.*, min: 3 }"]
    var one = KernelRow(try reading(lines, over: air).get())
    var other = one
    let inlets = air.map { one.inlet(of: $0) }
    for index in 0..<Int64(300) {
      let sample = Sample(nanoseconds: index * 400 * second, value: Double(index % 17))
      var outputs: [KernelRow.Output] = []
      one.accept(sample, at: inlets[Int(index) % 3], into: &outputs)
      #expect(outputs == other.accept(sample, of: air[Int(index) % 3]))
    }
    #expect(one.finish() == other.finish())
  }

  @Test func `at the end of all streams open windows are given, and once`() throws {
    let dust = column("air.dust")
    var row = KernelRow(
      try kernels(
        "w: { kind: statistics, of: air.temperature, window: 1 h, slide: 20 min, compute: [count,"
          + " mean] }",
        "q: { kind: statistics, of: air.temperature, window: 1 h, compute: [median] }",
        "p: { kind: throttle-average, of: air.temperature, period: 1 h }",
        "c: { kind: clamp, of: w.mean, max: 15 }", "a: { kind: air-quality, of: air.dust }",
        "n: { kind: statistics, of: air.humidity, window: 1 h }", over: air + [dust]))
    for minute in stride(from: 0, through: 70, by: 10) as StrideThrough<Int64> {
      _ = row.take(Double(minute), of: temperature, at: minute * 60)
      _ = row.take(.nan, of: humidity, at: minute * 60)
    }
    _ = row.take(12, of: dust, at: 60)
    let last = row.named(row.finish())
    // Of the windows that overlap, that from 20 to 80 min; the others have less.
    #expect(
      Set(last.filter { !$0.name.hasPrefix("a.hour") }) == [
        NamedValue("w.count", 6, at: 4800), NamedValue("w.mean", 45, at: 4800),
        NamedValue("q.median", 60, at: 7200), NamedValue("p.value", 65, at: 7200),
        NamedValue("c.value", 15, at: 4800, less: 1), NamedValue("a.mean", 12, at: 3600),
      ])
    #expect(last.map(\.name).contains("a.hour-index") && last.count == 7)
    #expect(row.finish().isEmpty)
  }

  @Test func `a restart forgets samples and states of every kernel`() throws {
    let kernels = try reading(
      Self.chain + ["state: { kind: threshold, of: air.temperature, above: 5 }"], over: air
    ).get()
    var row = KernelRow(kernels)
    var first: [[NamedValue]] = []
    for round in 0..<2 {
      for hour in 0..<Int64(100) {
        let given = row.take(Double(hour % 13), of: temperature, at: hour * 3600 + 5)
        if round == 0 {
          first.append(given)
        } else {
          #expect(given == first[Int(hour)])
        }
      }
      row.restart()
    }
    #expect(first.joined().count > 100)
    #expect(row.finish().isEmpty)
  }
}
