public import MerkleLog

/// Somebody who cosigns the log's heads.
public struct WitnessDeclaration: Hashable, Sendable {
  /// The name in the board file.
  public let name: String
  /// Where it is asked, without the last part of the path.
  public let url: String
  /// The key with which it cosigns.
  public let key: NoteVerifier
  /// The file with the certificates to trust; nil for the system's.
  public let authorityFile: String?
}
