import BrokerTesting
import Evidence
import Testing

/// Kernels that listen to kernels on a board, and what others make of its log.
@Suite struct KernelLogTests {
  // Their names are in another order than they stand, and kernels that hear others come first.
  private static let graph = [
    "a-capped: { kind: clamp, of: [means.mean], max: 21.5 }",
    "alarm: { kind: threshold, of: a-capped.value, above: 20, release: 19.5 }",
    "b-longer: { kind: statistics, of: means.mean, window: 2 s, compute: [count, max, min] }",
    "means: { kind: statistics, of: air.temperature, window: 1 s, compute: [mean, count, p95] }",
    "both: { kind: consistency, first: dew.value, second: air.temperature }",
    "clean: { kind: hampel, of: [air.temperature, roof.temperature], window: 5 }",
    "dew: { kind: dew-point, temperature: roof.temperature, humidity: roof.humidity, within: 2 s }",
    "flags: { kind: qartod, of: clean.roof.temperature.value, gross-range: { fail: 10..30, suspect:"
      + " 17..23 }, spike: { suspect: 2 } }",
    "grid: { kind: frequency, frequency: mains.frequency, deviation: 0.3, stuck-after: 2 s }",
    "odd: { kind: multivariate, of: feeder.*, threshold: 0.2 }",
    "rest: { kind: throttle-average, of: meter.rate, period: 500 ms }",
    "waits: { kind: timeout, of: rest.value, period: 300 ms, value: -1 }",
    "work: { kind: energy, of: feeder.power }",
  ]

  @Test func `chains of kernels, states and alarms of two runs are computed again from the log`()
    async throws
  {
    let running = RunningBoard(in: try Directory())
    // Twice, for at a start the kernels forget what was before.
    for run in 0..<2 {
      try running.start(FastBoard(kernels: Self.graph))
      #expect(await running.runs())
      let size = Self.logSize(of: running)
      #expect(
        await eventually { Self.logSize(of: running) > size + 80_000 },
        "\(running.errors)")
      try await running.stop()
      if run == 0 { try await expectTable(of: running) }
    }

    var logged: [String: Int] = [:]
    var alarms: [String: Int] = [:]
    for bytes in try CollectedLog.entries(inState: running.state) {
      let signed = try SignedEntry(parsing: bytes)
      if signed.entry.type == .event {
        for event in try signed.entry.eventBody().events {
          let kernel = event.details?.first { $0.key.textValue == "kernel" }?.value.textValue
          if let kernel { alarms[kernel, default: 0] += 1 }
        }
      }
      guard signed.entry.type == .data else { continue }
      for record in try signed.entry.dataBody().records {
        let name = record.name.dropFirst(signed.subject.count + 1)
        logged[String(name.prefix { $0 != "/" }), default: 0] += 1
      }
    }
    for kernel in Self.graph.map({ String($0.prefix { $0 != ":" }) }) where kernel != "waits" {
      #expect((logged[kernel] ?? 0) > 0, "\(kernel) gave nothing")
    }
    #expect((alarms["alarm"] ?? 0) > 0 && (alarms["flags"] ?? 0) > 0 && (alarms["grid"] ?? 0) > 0)

    let replay = try await Cairn.run("log", "replay", running.state, in: running.directory)
    let count = logged.values.reduce(0, +) + alarms.values.reduce(0, +)
    #expect(
      replay.output
        == "recomputed \(count) values to the last bit, 0 not recomputable, 0 differ\n")
    #expect(replay.code == 0 && replay.errors.isEmpty, "\(replay.errors)")
  }

  private static func logSize(of running: RunningBoard) -> Int {
    (try? Files.bytes("\(running.state)/wal").count) ?? 0
  }

  /// A log is a table, over which kernels give what the board's own gave.
  private func expectTable(of running: RunningBoard) async throws {
    let plain = try await ComputedTable(
      running.state, ["--kernel", "mine: { kind: clamp, of: air.temperature, max: 99 }"],
      in: running.directory)
    #expect(plain.columns.first == "time" && plain.columns.last == "mine.value")
    #expect(
      Set(plain.columns).isSuperset(of: [
        "air.temperature", "mains.frequency", "means.mean", "alarm.alarm",
        "air-1s.air.temperature.max", "clean.roof.temperature.outlier",
      ]))
    #expect(try plain["mine.value"] == plain["air.temperature"])
    #expect(try plain["air.temperature"].count { !$0.isEmpty } > 20)

    // The board's kernels again; those that hear others hear them once.
    let board = running.directory.path("board.yaml")
    let again = try await ComputedTable(
      running.state, ["--board", board, "--only-outputs"], takesNotes: true, in: running.directory)
    for name in [
      "means.mean", "means.count", "a-capped.value", "b-longer.count", "dew.value", "work.net",
      "clean.air.temperature.value", "flags.flag",
    ] {
      let computed = try again[name].filter { !$0.isEmpty }
      let recorded = try plain[name].filter { !$0.isEmpty }
      // At its end the board still waits for windows that end with the table, and the other way round.
      #expect(
        !recorded.isEmpty && recorded.starts(with: computed.prefix(recorded.count)), "\(name)")
      #expect((recorded.count - computed.count).magnitude <= 2, "\(name)")
    }
    // The first milliseconds of a reading part the log in two.
    let times = try plain["time"]
    let middle = try #require(times.dropFirst(times.count / 2).first).prefix(23)
    for (option, isWanted) in [("--from", { $0 >= middle }), ("--to", { $0 < middle })]
      as [(String, (Substring) -> Bool)]
    {
      let part = try await ComputedTable(
        running.state,
        [option, "\(middle)Z", "--kernel", "mine: { kind: clamp, of: air.temperature, max: 99 }"],
        in: running.directory)
      #expect(part.columns == plain.columns)
      #expect(try part["time"] == times.filter { isWanted($0.prefix(23)) }, "\(option)")
    }
    let wrong = try await Cairn.run(
      "compute", running.state, "--from", "yesterday", "--kernel", "clamp: { of: air.temperature }",
      in: running.directory)
    #expect(
      wrong.errors == "cairn: 'yesterday' is no time; write for example 2026-01-31T12:00:00Z\n")
    #expect(wrong.code == 2)
    let refused = try await Cairn.run(
      "compute", running.state, "--board", board, in: running.directory)
    #expect(refused.code == 2)
    #expect(
      refused.errors.hasSuffix("write --only-outputs to have the kernel's alone\n"),
      "\(refused.errors)")
  }
}
