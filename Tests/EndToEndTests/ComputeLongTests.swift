import BrokerTesting
import Testing

/// What `cairn compute` says where several values fall into one row, and after the last row.
@Suite struct ComputeLongTests {
  private let directory: Directory

  init() throws { directory = try Directory() }

  private func minutes(_ rows: Int, from hour: Int = 12) -> String {
    "time,b\n"
      + (0..<rows).map { row in
        let (hours, minutes) = (row / 60 + hour, row % 60)
        return "2026-01-31 \(hours):\(minutes < 10 ? "0" : "")\(minutes):00,\(row)\n"
      }.joined()
  }

  // MARK: Several values in one row

  private let gap = "time,t\n2026-01-01 00:00:00,1\n2026-01-01 00:10:00,2\n2026-01-01 01:30:00,3\n"
  private let kernels = [
    "--time", "time", "--kernel",
    "sl: { kind: statistics, of: t, window: 30 min, slide: 10 min, compute: [count, mean] }",
    "--kernel", "hb: { kind: heartbeat, of: t, period: 10 min }",
  ]

  @Test func `a row shows the last of its values, and the others are counted`() async throws {
    let result = try await ComputedTable(text: gap, kernels, takesNotes: true, in: directory)
    #expect(
      result.lines == [
        "time,t,sl.count,sl.mean,hb.value", "2026-01-01 00:00:00,1,,,",
        "2026-01-01 00:10:00,2,1,1,1", "2026-01-01 01:30:00,3,1,2,2",
      ])
    #expect(
      result.notes == [
        "cairn: 4 values of 'sl' share a row with a later one and are not shown; --format long shows"
          + " all",
        "cairn: the last window of 'sl' is not shown (ends 2026-01-01 01:40:00, last row 2026-01-01"
          + " 01:30:00), since the last row has the one before; --format long shows both",
      ])
    let one = try await ComputedTable(
      text: "b\n1\n2\n3\n4\n",
      [
        "--every", "1 h", "--kernel",
        "w: { kind: statistics, of: b, window: 1 h, slide: 30 min, compute: count }",
      ], takesNotes: true, in: directory)
    #expect(try one["w.count"] == ["", "1", "1", "1"])
    #expect(
      one.notes.first?.hasPrefix("cairn: 3 values of 'w' share a row") == true, "\(one.notes)")
  }

  @Test func `the long format has a line for every value, with its own time and unit`()
    async throws
  {
    let result = try await ComputedTable(
      text: gap, kernels + ["--format", "long", "--unit", "t=Cel"], in: directory)
    #expect(
      result.lines == [
        "time,name,value,unit", "2026-01-01 00:10:00,sl.count,1,count",
        "2026-01-01 00:10:00,sl.mean,1,Cel", "2026-01-01 00:10:00,hb.value,1,Cel",
        "2026-01-01 00:20:00,sl.count,2,count", "2026-01-01 00:20:00,sl.mean,1.5,Cel",
        "2026-01-01 00:30:00,sl.count,2,count", "2026-01-01 00:30:00,sl.mean,1.5,Cel",
        "2026-01-01 00:40:00,sl.count,1,count", "2026-01-01 00:40:00,sl.mean,2,Cel",
        "2026-01-01 01:30:00,hb.value,2,Cel", "2026-01-01 01:40:00,sl.count,1,count",
        "2026-01-01 01:40:00,sl.mean,3,Cel",
      ])
    #expect(result.notes.isEmpty)
  }

  @Test(arguments: [
    (["2026-01-31T11:59:59", "2026-01-31T12:00:00.5"], "2026-01-31T12:00:00"),
    (["2026-01-31T13:59:59.25+02:00", "2026-01-31T12:00:00Z"], "2026-01-31T12:00:00Z"),
    (["1969-12-31 23:59:59", "1970-01-01"], "1970-01-01 00:00:00"),
    (["1969-07-20T20:17:35Z", "1969-07-20T20:17:40Z"], "1969-07-20T20:17:40Z"),
    (["1769860799", "1769860800.5"], "1769860800"), (["-1", "0"], "0"), (["-12.5", "-1"], "-10"),
    (["1769860799000", "1769860800000"], "1769860800000"),
    (["1769860799000.25", "1769860800000"], "1769860800000"),
    (["1769860799000000", "1769860800000000"], "1769860800000000"),
    (["1769860799000000000", "1769860800000000000"], "1769860800000000000"),
  ])
  func `times are written as the table writes its own`(_ times: [String], _ end: String)
    async throws
  {
    let result = try await ComputedTable(
      text: "time,b\n\(times[0]),1\n\(times[1]),2\n",
      [
        "--time", "time", "--format", "long", "--kernel",
        "w: { kind: statistics, of: b, window: 10 s, compute: [last] }",
      ], in: directory)
    #expect(result.lines.dropFirst().first == "\(end),w.last,1,")
  }

  @Test func `without times the long format counts seconds, and parts of them`() async throws {
    let result = try await ComputedTable(
      text: "b\n1\n2\n3\n",
      ["--every", "400ms", "--format", "long", "--kernel", "clamp: { of: b }"], in: directory)
    #expect(
      result.lines == [
        "time,name,value,unit", "0,clamp.value,1,", "0.4,clamp.value,2,", "0.8,clamp.value,3,",
      ])
  }

  @Test func `states stand in the long format when they change, names in quotes where they must`()
    async throws
  {
    let output = directory.path("long.csv")
    let table = try directory.write("\"a,b\",c\n1,1\n6,1\n7,1\n1,1\n", to: "t.csv")
    let outcome = try await Cairn.run(
      "compute", table, "--format", "long", "-o", output, "--kernel",
      "threshold: { of: ['a,b', c], above: 5 }", in: directory)
    #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(
      try directory.text(of: output) == """
        time,name,value,unit
        0,"threshold.a,b.alarm",0,
        0,threshold.c.alarm,0,
        1,"threshold.a,b.alarm",1,
        3,"threshold.a,b.alarm",0,

        """)
  }

  // MARK: After the last row

  private let hours = [
    "--time", "time", "--kernel", "s: { kind: statistics, of: b, window: 1 h, compute: count }",
    "--kernel", "p: { kind: throttle-average, of: b, period: 1 h }", "--kernel",
    "q: { kind: air-quality, of: b }",
  ]

  @Test func `the last window is given where the table ends, without a word where it is complete`()
    async throws
  {
    let result = try await ComputedTable(text: minutes(300), hours, in: directory)
    func rows(_ name: String) throws -> [Int] {
      try result[name].enumerated().filter { !$0.element.isEmpty }.map(\.offset)
    }
    for name in ["s.count", "p.value", "q.mean"] {
      #expect(try rows(name) == [60, 120, 180, 240, 299], "\(name)")
    }
    #expect(try result["s.count"].last == "60")
    #expect(try result["p.value"].last == "269.5")
    #expect(result.notes.isEmpty)
  }

  @Test func `a last window that lacks a row is told`() async throws {
    let result = try await ComputedTable(text: minutes(299), hours, in: directory)
    #expect(try result["s.count"].last == "59")
    #expect(
      result.notes
        == ["s", "p", "q"].map {
          "cairn: the last window of '\($0)' is not complete (ends 2026-01-31 17:00:00, last row"
            + " 2026-01-31 16:58:00)"
        })
    let single = try await ComputedTable(text: minutes(1), Array(hours.prefix(4)), in: directory)
    #expect(try single["s.count"] == ["1"])
    #expect(single.notes.count == 1)
  }

  @Test func `a whole window stays where the last row closed it`() async throws {
    let result = try await ComputedTable(
      text: minutes(61), Array(hours.prefix(4)), in: directory)
    #expect(try result["s.count"].last == "60")
    #expect(
      result.notes == [
        "cairn: the last window of 's' is not complete (ends 2026-01-31 14:00:00, last row 2026-01-31"
          + " 13:00:00) and not shown, since the last row has the one before; --format long shows both"
      ])
  }

  @Test func `a whole window stays, though only the end of the table closed it`() async throws {
    // The end of the table gives the mean to 180 s, and that closes the window to 120 s of means.
    let result = try await ComputedTable(
      text: "t,b\n0,1\n60,2\n130,3\n",
      [
        "--time", "t", "--kernel", "one: { kind: statistics, of: b, window: 1 min, compute: mean }",
        "--kernel", "two: { kind: statistics, of: one.mean, window: 2 min, compute: count }",
      ], in: directory)
    #expect(try result["one.mean"] == ["", "1", "2"])
    #expect(try result["two.count"] == ["", "", "2"])
    #expect(result.notes.count == 2 && result.notes.allSatisfy { $0.contains("not shown") })
  }

  @Test func `a kernel without any value says why`() async throws {
    let result = try await ComputedTable(
      text: "a,b\n,1\n,2\n",
      [
        "--kernel", "none: { kind: clamp, of: a }", "--kernel",
        "next: { kind: clamp, of: none.value }",
        "--kernel", "late: { kind: debounce, of: b, period: 1 min }",
      ], takesNotes: true, in: directory)
    #expect(
      Set(result.notes) == [
        "cairn: kernel 'none' gave no value: there is no number in column 'a'",
        "cairn: kernel 'next' gave no value: 'none' gave none to it",
        "cairn: kernel 'late' gave no value: its 2 rows may be too few, or nothing in them is for it;"
          + " 'cairn schema --kernels' says what 'debounce' does",
      ])
  }
}
