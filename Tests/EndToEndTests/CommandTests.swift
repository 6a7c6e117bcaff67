import BrokerTesting
import Foundation
import Testing

/// What the program says to those who type, and its exit codes.
@Suite(.serialized) struct CommandTests {
  private let directory: Directory
  private let board: String

  init() throws {
    directory = try Directory()
    board = try directory.write(FastBoard().text, to: "board.yaml")
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `check says that a board is right and what it has`() async throws {
    let outcome = try await Cairn.run("check", board, in: directory)
    #expect(outcome.code == 0)
    #expect(
      outcome.output
        == "\(board): board 'fast' (simulated) is right: 2 buses, 5 sensors, 2 kernels\n")
    #expect(outcome.errors.isEmpty)
  }

  @Test func `check and run name all that is wrong with a board, and start nothing`()
    async throws
  {
    let text = FastBoard().text
      .replacingOccurrences(of: "driver: sht3x", with: "driver: sht3y")
      .replacingOccurrences(of: "line: 27", with: "line: 17")
    let wrong = try directory.write(text, to: "wrong.yaml")
    for command in [["check", wrong], ["run", wrong, "--state", directory.path("state")]] {
      let outcome = try await Cairn.run(Cairn.path, command, in: directory)
      #expect(outcome.code == 2)
      #expect(outcome.output.isEmpty)
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 2, "\(outcome.errors)")
      #expect(lines.allSatisfy { $0.hasPrefix("\(wrong):") })
      #expect(outcome.errors.contains("sht3x"), "the remedy does not name the driver")
      #expect(outcome.errors.contains("line 17"))
    }
    #expect(!Files.exists(directory.path("state")))
  }

  @Test func `run refuses a broker that is none and a board that is missing, and starts nothing`()
    async throws
  {
    let state = directory.path("state")
    let connected = try directory.write(FastBoard(port: 1).text, to: "connected.yaml")
    for (file, broker) in [
      (connected, "http://127.0.0.1:1"), (connected, "mqtt://127.0.0.1:0"),
      // The board only records; a broker on the command line would be overlooked.
      (board, "mqtt://127.0.0.1:1"),
      (directory.path("none.yaml"), "mqtt://127.0.0.1:1"),
    ] {
      let outcome = try await Cairn.run(
        "run", file, "--state", state, "--broker", broker, in: directory)
      #expect(outcome.code == 2, "\(broker): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty)
      #expect(!Files.exists(state))
    }
    let secret =
      FastBoard().text + "\nmqtt: { broker: \"mqtt://127.0.0.1:1\", user: u, "
      + "password-file: \(directory.path("none.password")) }\n"
    let file = try directory.write(secret, to: "secret.yaml")
    let outcome = try await Cairn.run("run", file, "--state", state, in: directory)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("none.password"), "\(outcome.errors)")
    #expect(!Files.exists(state))
  }

  @Test func `read shows values with units, raw bytes and the clock`() async throws {
    let outcome = try await Cairn.run("read", board, "air", in: directory)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "air  (driver bme280, bus i2c-1)")
    for (name, unit) in [("temperature", " Cel"), ("humidity", " %RH"), ("pressure", " Pa")] {
      #expect(lines.contains { $0.hasPrefix("  \(name)") && $0.hasSuffix(unit) })
    }
    for name in ["raw", "calibration", "clock"] {
      #expect(lines.contains { $0.hasPrefix("  \(name)") })
    }
    #expect(!Files.exists(directory.path("state")), "reading makes no state")
  }

  @Test func `read gives JSON with values, units and raw bytes for every sensor`()
    async throws
  {
    for (sensor, driver, bytes) in [
      ("air", "bme280", [8]), ("roof", "sht3x", [6]), ("feeder", "ina226", nil),
      ("mains", "zero-crossing", nil), ("meter", "pulse-counter", [24]),
    ] as [(String, String, [Int]?)] {
      let outcome = try await Cairn.run("read", board, sensor, "--json", in: directory)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let object = try json(outcome.output)
      #expect(object["sensor"] as? String == sensor)
      #expect(object["driver"] as? String == driver)
      let values = try #require(object["values"] as? [String: [String: Any]])
      #expect(!values.isEmpty)
      for value in values.values {
        #expect(value["value"] is Double && value["unit"] is String)
      }
      let raw = try #require(object["raw"] as? [String])
      if let bytes { #expect(raw.map { $0.count / 2 } == bytes) }
      #expect((object["time"] as? Double ?? 0) > 1.6e9)
      let clock = try #require(object["clock"] as? [String: Any])
      #expect(clock["source"] as? String == "simulated")
    }
  }

  @Test func `read of a sensor that is not there names one that is`() async throws {
    let outcome = try await Cairn.run("read", board, "rof", in: directory)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("'rof'") && outcome.errors.contains("'roof'"))
  }

  @Test func `scan finds every chip on a virtual bus and its driver`() async throws {
    let outcome = try await Cairn.run("scan", board, in: directory)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("i2c-1  virtual\n"))
    for (address, driver) in [("0x76", "bme280"), ("0x44", "sht3x"), ("0x40", "ina226")] {
      #expect(
        outcome.output.split(separator: "\n").contains {
          $0.hasPrefix("  \(address)  ") && $0.contains(driver)
        }, "\(outcome.output)")
    }
    #expect(try await Cairn.run("scan", in: directory).code == 0)
  }

  @Test func `identity is what note tools and OpenSSL take, in every form the same`()
    async throws
  {
    let running = RunningBoard(in: directory)
    try running.start(FastBoard())
    #expect(await running.runs())
    try await running.stop()
    let state = directory.path("state")
    let byBoard = try await Cairn.run("identity", board, "--state", state, in: directory)
    let byState = try await Cairn.run("identity", running.state, in: directory)
    #expect(byBoard.code == 0 && byState.code == 0, "\(byBoard.errors)\(byState.errors)")
    #expect(byBoard.output == byState.output)
    let object = try json(
      try await Cairn.run("identity", running.state, "--json", in: directory).output)
    let did = try #require(object["did"] as? String)
    let vkey = try #require(object["vkey"] as? String)
    let pem = try #require(object["pem"] as? String)
    #expect(byState.output == "did   \(did)\nvkey  \(vkey)\n\n\(pem)\n")
    #expect(did.hasPrefix("did:key:z6Mk"))
    #expect(vkey.hasPrefix("\(did)+"))
    #expect(
      vkey + "\n" == String(decoding: try Files.bytes("\(running.state)/log.vkey"), as: UTF8.self))
    let file = try directory.write(pem, to: "public.pem")
    let openssl = try await Cairn.run(
      "/usr/bin/openssl", ["pkey", "-pubin", "-in", file, "-noout", "-text_pub"], in: directory)
    #expect(openssl.code == 0, "\(openssl.errors)")
    #expect(openssl.output.contains("ED25519 Public-Key"))
    // OpenSSL makes the same public key of the private one.
    let derived = try await Cairn.run(
      "/usr/bin/openssl", ["pkey", "-in", "\(running.state)/keys/identity", "-pubout"],
      in: directory)
    #expect(derived.output == pem)
  }

  @Test func `identity of a board that never ran says so`() async throws {
    let outcome = try await Cairn.run(
      "identity", board, "--state", directory.path("state"), in: directory)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("when it first runs"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("write --state"))
    // Where the state is elsewhere than by default, the path alone does not tell.
    let elsewhere = try await Cairn.run(
      "/usr/bin/env",
      ["STATE_DIRECTORY=\(directory.path("state"))", Cairn.path, "identity", board],
      in: directory)
    #expect(elsewhere.code == 1)
    #expect(
      elsewhere.errors.contains("where it ran with --state or $STATE_DIRECTORY, write --state"),
      "\(elsewhere.errors)")
    #expect(!Files.exists(directory.path("state")))
  }

  @Test func `schema is JSON Schema 2020-12, and a page for people`() async throws {
    let outcome = try await Cairn.run("schema", in: directory)
    #expect(outcome.code == 0)
    let schema = try json(outcome.output)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(["board", "buses", "sensors", "kernels"]).isSubset(of: properties.keys))
    let page = try await Cairn.run("schema", "--markdown", in: directory)
    #expect(page.code == 0 && page.output.hasPrefix("#"))
  }

  @Test func `verify of a path that is no log says so`() async throws {
    let path = directory.path("none")
    let outcome = try await Cairn.run("verify", path, in: directory)
    #expect(outcome.code == 1)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "FAULT in \(path): checkpoint: is missing; is '\(path)' the directory of a log?\n")
  }

  @Test(arguments: [
    ["juggle"], ["run"], ["run", "board.yaml", "--speed"], ["log", "prove", "state"],
    ["log", "receipt", "state", "first", "-o", "x"], ["merge", "a", "--quantile", "2"],
    ["record", "board.yaml", "air", "--count", "0"], ["export"],
    ["log", "export", "--format", "x"],
  ])
  func `a wrong command line ends with 2 and says how it is written`(
    arguments: [String]
  ) async throws {
    let outcome = try await Cairn.run(Cairn.path, arguments, in: directory)
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("Usage: cairn"))
  }

  @Test(arguments: [["--help"], ["help", "log", "prove"], ["--version"], ["run", "--help"]])
  func `help and version are no errors`(arguments: [String]) async throws {
    let outcome = try await Cairn.run(Cairn.path, arguments, in: directory)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasSuffix("\n") && outcome.output.count > 3)
  }

  @Test func `quotes around a key are the same to this program`() async throws {
    let text = FastBoard().text.replacingOccurrences(of: "    on: ", with: "    \"on\": ")
    #expect(text.contains("\"on\": i2c-1"))
    let outcome = try await Cairn.run(
      "check", try directory.write(text, to: "quoted.yaml"), in: directory)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func `a recording plays a sensor with the options that it was made with, and no other`()
    async throws
  {
    let file = directory.path("feeder.txt")
    let recorded = try await Cairn.run(
      "record", board, "feeder", "--count", "3", "--output", file, in: directory)
    #expect(recorded.code == 0, "\(recorded.errors)")
    func check(_ options: String) async throws -> Cairn.Outcome {
      let text = """
        board: { name: again }
        buses: { i2c-1: { device: virtual } }
        sensors:
          feeder: { driver: ina226, on: i2c-1, address: 0x40, every: 1 s, \(options) }
        """
      let board = try directory.write(text, to: "again.yaml")
      return try await Cairn.run("check", board, in: directory)
    }
    let same = try await check("shunt: 100 mohm, playback: feeder.txt")
    #expect(same.code == 0, "\(same.errors)")
    let other = try await check("shunt: 0.05 ohm, averaging: 4, playback: feeder.txt")
    #expect(other.code == 2)
    let lines = other.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(other.errors)")
    #expect(
      other.errors.contains(
        "'feeder.txt' was recorded with 'shunt: 0.1 Ohm' and 'averaging: 16'"), "\(other.errors)")
    #expect(
      other.errors.contains("and 'feeder' has 'shunt: 0.05 Ohm' and 'averaging: 4'; write"),
      "\(other.errors)")
  }
}
