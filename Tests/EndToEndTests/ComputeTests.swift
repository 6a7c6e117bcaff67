import BrokerTesting
import Foundation
import Testing

/// What a scientist does with the program: kernels over a table, beside its columns.
@Suite struct ComputeTests {
  private let directory: Directory

  init() throws { directory = try Directory() }

  private func compute(_ text: String, _ arguments: String...) async throws -> ComputedTable {
    try await ComputedTable(text: text, arguments, in: directory)
  }

  private let double = [
    "--kernel", "double: { kind: calibrate-linear, of: b, points: [0 -> 0, 1 -> 2] }",
  ]

  // MARK: What was there stays

  @Test func `anomalies of a small series`() async throws {
    let table = "t,value\n" + (0..<300).map { "\($0),\($0 == 250 ? 99 : $0 % 7)\n" }.joined()
    let result = try await compute(table, "--time", "t", "--kernel", "anomaly: { of: value }")
    #expect(result.columns == ["t", "value", "anomaly.score", "anomaly.alarm"])
    let scores = try result.numbers("anomaly.score")
    #expect(scores.allSatisfy { (0..<1).contains($0) } && scores.firstIndex { $0 > 0.5 } == 250)
    #expect(try result.changes(of: "anomaly.alarm").map(\.row) == [0, 250])
    #expect(try result["anomaly.alarm"][249...251] == ["0", "1", "1"])
  }

  @Test func `columns and rows stay as they are, byte for byte`() async throws {
    // Latin-1, quotes, blanks, a number in another form, and a field that no kernel wants.
    let lines: [[UInt8]] = [
      Array("\"a, \"\"x\"\"\",b,".utf8) + [0xE4], Array("\" 1,5 \",\"1\", \u{B0}".utf8),
      Array(" , 2 ,".utf8) + [0xFF, 0xFE], Array("\"\",+3.0e0,\"\"".utf8), Array(",0x10,x".utf8),
    ]
    let path = directory.path("bytes.csv")
    for end in ["\n", "\r\n"] {
      let file = Array(lines.joined(separator: Array(end.utf8)))
      try Files.write(file + Array(end.utf8), to: path)
      let output = directory.path("out.csv")
      let outcome = try await Cairn.run(
        Cairn.path, ["compute", path, "--output", output] + double, in: directory)
      #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.errors)")
      let results = ["double.value", "2", "4", "6", "32"]
      let expected = zip(lines, results).map { $0 + Array(",\($1)\n".utf8) }
      #expect(try Files.bytes(output) == Array(expected.joined()))
    }
  }

  @Test func `byte order marks, comments above the header and empty lines are passed over`()
    async throws
  {
    let result = try await compute(
      "\u{FEFF}a,b\r\n\r\n1,2\r\n\r\n3,4\r\n", double[0], double[1])
    #expect(result.lines == ["a,b,double.value", "1,2,4", "3,4,8"])
    let commented = try await compute("# made by\n#a,b\n\na,b\n1,2\n#3,4\n", double[0], double[1])
    #expect(commented.lines == ["a,b,double.value", "1,2,4", "#3,4,8"])
    let last = try await compute("a,b\n1,2", double[0], double[1])
    #expect(last.lines == ["a,b,double.value", "1,2,4"])
    let none = try await compute("a,b\n", double[0], double[1])
    #expect(none.lines == ["a,b,double.value"])
  }

  @Test func `semicolons separate where the header has more of them`() async throws {
    let result = try await compute("a;b\n1,5;2\n", double[0], double[1])
    #expect(result.lines == ["a;b;double.value", "1,5;2;4"])
  }

  @Test func `missing values are computed as missing, and said as nothing`() async throws {
    let words = [
      "", "nan", "NaN", "NA", "n/a", "null", "None", "-", " ", "\"\"", "inf", "-inf", "1e999",
    ]
    let table = "a,b\n" + words.map { "x,\($0)\n" }.joined() + "x,7\n"
    let result = try await compute(
      table, double[0], double[1], "--kernel",
      "w: { kind: statistics, of: b, window: 1 min, compute: [count, missing] }", "--kernel",
      "end: { kind: session, of: b, gap: 1 s, compute: [count, missing] }")
    #expect(try result["double.value"] == words.map { _ in "" } + ["14"])
    #expect(try result["end.count"].last == "1" && result["end.missing"].last == "0")
  }

  @Test func `names of outputs are quoted where they hold the separator`() async throws {
    let table = "\"p, \"\"q\"\"\",b\n1,2\n"
    let result = try await compute(
      table, "--only-outputs", "--kernel", "clamp: { of: ['p, \"q\"', b] }")
    #expect(
      result.lines == ["\"clamp.p, \"\"q\"\".value\",clamp.b.value", "1,2"])
  }

  // MARK: Times

  @Test(arguments: [
    ["2026-01-31 12:00:03", "2026-01-31 12:00:07", "2026-01-31 12:00:09.5", "2026-01-31 12:00:10"],
    ["2026-01-31T12:00:03", "2026-01-31T12:00:07", "2026-01-31T12:00:09.5", "2026-01-31T12:00:11"],
    [
      "2026-01-31T12:00:03Z", "2026-01-31T13:00:07+01:00", "2026-01-31T05:30:09.500-06:30",
      "2026-01-31T12:00:10.000000001Z",
    ],
    ["1769860803", "1769860807.25", "1769860809.999999999", "1769860810"],
    ["1769860803000", "1769860807000", "1769860809999", "1769860810000"],
    ["\"2026-01-31 12:00:03\"", "\"1769860807\"", "1769860809999", "2026-01-31T12:00:19Z"],
  ])
  func `times are read in every form`(_ times: [String]) async throws {
    let table = "time,b\n" + times.enumerated().map { "\($1),\($0 + 1)\n" }.joined()
    let result = try await compute(
      table, "--time", "time", "--only-outputs", "--kernel",
      "w: { kind: statistics, of: b, window: 10 s, compute: [mean, count] }")
    #expect(result.columns == ["time", "w.mean", "w.count"])
    #expect(try result["time"] == times)
    // The window from :00 to :10 is closed by the first row that is not in it.
    #expect(try result["w.mean"] == ["", "", "", "2"])
    #expect(try result["w.count"] == ["", "", "", "3"])
  }

  @Test func `without times rows are a second apart, or as every and rate say`() async throws {
    let table = "b\n" + (0..<25).map { "\($0)\n" }.joined()
    func windows(_ arguments: [String]) async throws -> [Int] {
      let result = try await ComputedTable(
        text: table,
        arguments + ["--kernel", "w: { kind: statistics, of: b, window: 10 s, compute: count }"],
        in: directory)
      return try result["w.count"].enumerated().filter { !$0.element.isEmpty }.map(\.offset)
    }
    // 0.3 Hz is no whole number of nanoseconds; its fourth row is at 10 s exactly all the same.
    let ends: [([String], [Int])] = [
      ([], [10, 20]), (["--every", "2 s"], [5, 10, 15, 20]), (["--every", "400ms"], []),
      (["--rate", "2 Hz"], [20]), (["--rate", "0.5 Hz"], [5, 10, 15, 20]),
      (["--rate", "0.3 Hz"], [3, 6, 9, 12, 15, 18, 21, 24]),
    ]
    for (arguments, expected) in ends {
      let rows = try await windows(arguments)
      #expect(rows == expected, "\(arguments)")
    }
  }

  @Test func `rows of one time keep their own values, though answers come late`() async throws {
    let values = ["1", "2", "9", "", "3", "4", "nan", "5", "6", "8"]
    let table = "time,b\n" + values.map { "100,\($0)\n" }.joined()
    let result = try await compute(
      table, "--time", "time", "--kernel", "hampel: { of: b, window: 3, threshold: 1000 }",
      "--kernel", "q: { kind: qartod, of: b, spike: { suspect: 3 } }")
    #expect(try result["hampel.value"] == ["", "2", "9", "", "3", "4", "", "5", "6", ""])
    #expect(try result["q.spike"] == ["2", "1", "2", "9", "2", "2", "9", "2", "1", "2"])
  }

  @Test func `time that goes back stops nothing`() async throws {
    let result = try await compute(
      "time,b\n50,1\n10,2\n61,3\n5,4\n130,5\n", "--time", "time", double[0], double[1], "--kernel",
      "w: { kind: statistics, of: b, window: 1 min, compute: [count, first, last] }")
    #expect(try result["double.value"] == ["2", "4", "6", "8", "10"])
    #expect(try result["w.count"] == ["", "", "2", "", "1"])
    #expect(try result["w.last"].last == "3")
  }

  // MARK: Kernels

  @Test func `two kernels of one kind, and kernels that listen to kernels, in any order`()
    async throws
  {
    let arguments = [
      "--kernel", "top: { kind: clamp, of: sum.max, max: 6 }",
      "--kernel", "sum: { kind: statistics, of: [low.value], window: 2 s, compute: [max, min] }",
      "--kernel", "low: { kind: clamp, of: a, min: 2 }",
      "--kernel", "clamp: { of: [a, b], max: 4 }",
    ]
    let result = try await ComputedTable(
      text: "a,b\n1,9\n3,8\n5,7\n7,6\n9,5\n", arguments, in: directory)
    #expect(
      Set(result.columns.dropFirst(2)) == [
        "clamp.a.value", "clamp.b.value", "low.value", "sum.max", "sum.min", "top.value",
      ])
    #expect(try result["clamp.a.value"] == ["1", "3", "4", "4", "4"])
    #expect(try result["clamp.b.value"] == ["4", "4", "4", "4", "4"])
    #expect(try result["low.value"] == ["2", "3", "5", "7", "9"])
    #expect(try result["sum.max"] == ["", "", "3", "", "7"])
    #expect(try result["sum.min"] == ["", "", "2", "", "5"])
    // A value of a window belongs to the time before its end.
    #expect(try result["top.value"].filter { !$0.isEmpty } == ["3", "6"])
  }

  @Test func `states stand in every row`() async throws {
    let result = try await compute(
      "b\n1\n6\n7\n\n2\n", "--kernel", "threshold: { of: b, above: 5, release: 3 }")
    #expect(try result["threshold.alarm"] == ["0", "1", "1", "0"])
  }

  @Test func `a unit makes inputs of another one wrong`() async throws {
    let table = "t,h\n20,50\n"
    let kernel = "dew-point: { temperature: t, humidity: h }"
    let right = try await compute(
      table, "--unit", "t=Cel", "--unit", "h=%RH", "--kernel", kernel)
    let unknown = try await compute(table, "--kernel", kernel)
    #expect(try right["dew-point.value"] == unknown["dew-point.value"])
    let path = try directory.write(table, to: "t.csv")
    let wrong = try await Cairn.run(
      "compute", path, "--unit", "t=K", "--kernel", kernel, in: directory)
    #expect(
      wrong.errors
        == "cairn: --kernel: 'temperature' must be in Cel, but 't' is in K;"
        + " name a kernel 'convert' of it, with 'to: Cel'\n"
    )
    #expect(wrong.code == 2)
  }

  @Test func `the kernels of a board file run over columns that are named as its channels`()
    async throws
  {
    let board = try directory.write(FastBoard().text, to: "board.yaml")
    let rows = (0..<6).map {
      "\(1_769_860_800_000 + $0 * 400),\(20 + $0),\(90_000 - $0),\(49.9 - Double($0) / 5)\n"
    }
    let result = try await ComputedTable(
      text: "ms,air.temperature,air.pressure,mains.frequency\n" + rows.joined(),
      ["--time", "ms", "--board", board, "--only-outputs"], in: directory)
    let names = ["temperature", "pressure"].flatMap { channel in
      ["mean", "min", "max"].map { "air-1s.air.\(channel).\($0)" }
    }
    #expect(result.columns == ["ms"] + names + ["under-frequency.alarm"])
    #expect(try result["air-1s.air.temperature.mean"] == ["", "", "", "21", "", "23.5"])
    #expect(try result["air-1s.air.pressure.min"] == ["", "", "", "89998", "", "89996"])
    #expect(try result["under-frequency.alarm"] == ["0", "0", "0", "1", "1", "1"])
  }

  @Test func `a channel of the board that is no column is told, and the others are computed`()
    async throws
  {
    let board = try directory.write(FastBoard().text, to: "board.yaml")
    let table = try directory.write("mains.frequency\n49\n50\n", to: "t.csv")
    let outcome = try await Cairn.run("compute", table, "--board", board, in: directory)
    #expect(outcome.code == 0)
    #expect(
      outcome.errors == """
        cairn: kernel 'air-1s' has no input: there is no column 'air.temperature'
        cairn: kernel 'air-1s' has no input: there is no column 'air.pressure'

        """)
    #expect(try ComputedTable(text: outcome.output)["under-frequency.alarm"] == ["1", "0"])
  }

  @Test func `outputs alone, and into a file`() async throws {
    let table = try directory.write("a,b\nx,1\ny,2\n", to: "t.csv")
    let alone = try await Cairn.run(
      Cairn.path, ["compute", table, "--only-outputs"] + double, in: directory)
    #expect(alone.output == "double.value\n2\n4\n" && alone.errors.isEmpty)
    // The input itself may be written over, as it has been read by then.
    let over = try await Cairn.run(
      Cairn.path, ["compute", table, "--output", table] + double, in: directory)
    #expect(over.code == 0 && over.output.isEmpty)
    #expect(try directory.text(of: table) == "a,b,double.value\nx,1,2\ny,2,4\n")
  }

  @Test func `a long table goes out whole`() async throws {
    let count = 20_000
    let table = "a,b\n" + (0..<count).map { "row \($0),\($0)\n" }.joined()
    for arguments in [[], ["--output", directory.path("long.csv")]] {
      let path = try directory.write(table, to: "t.csv")
      let outcome = try await Cairn.run(
        Cairn.path, ["compute", path] + double + arguments, in: directory)
      let text = arguments.isEmpty ? outcome.output : try directory.text(of: arguments[1])
      let result = ComputedTable(text: text)
      #expect(try result["a"] == (0..<count).map { "row \($0)" })
      #expect(try result["double.value"] == (0..<count).map { "\(2 * $0)" })
    }
  }
}
