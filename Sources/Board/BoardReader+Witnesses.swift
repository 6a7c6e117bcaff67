import Configuration
import MerkleLog

extension BoardReader {
  mutating func readWitnesses(_ root: OptionValues) -> [WitnessDeclaration] {
    var witnesses: [WitnessDeclaration] = []
    for row in root.sections("witnesses") {
      guard let url = row.values.text("url"), let text = row.values.text("key") else { continue }
      checkURL(url, row.values)
      let key: NoteVerifier
      do {
        key = try NoteVerifier(parsing: text)
      } catch {
        report(
          row.values.position(of: "key"), "'key' is no verifier key: \(error)",
          remedy: "write what the witness's operator publishes, NAME+ID+BASE64")
        continue
      }
      guard key.algorithm == .cosignature else {
        report(
          row.values.position(of: "key"), "'key' is the key of a log, not of a witness",
          remedy: "write the witness's key for cosignatures, of type 4")
        continue
      }
      if let other = witnesses.first(where: { $0.key.publicKey == key.publicKey }) {
        report(
          row.values.position(of: "key"), "witness '\(row.name)' has the key of '\(other.name)'",
          remedy: "name each witness once")
      }
      witnesses.append(
        WitnessDeclaration(
          name: row.name, url: url.hasSuffix("/") ? String(url.dropLast()) : url, key: key,
          authorityFile: row.values.text("ca-file")))
    }
    return witnesses
  }

  private mutating func checkURL(_ url: String, _ values: OptionValues) {
    let scheme = ["https://", "http://"].first { url.hasPrefix($0) }
    let rest = scheme.map { url.dropFirst($0.count) } ?? ""
    guard rest.isEmpty || rest.hasPrefix("/") || url.contains(where: { " @?#".contains($0) })
    else { return }
    report(
      values.position(of: "url"), "'url' is no address of a witness",
      remedy: "write 'https://HOST' or 'https://HOST/PATH', without user, '?' and '#'")
  }
}
