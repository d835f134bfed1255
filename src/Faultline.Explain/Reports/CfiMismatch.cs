namespace Faultline.Explain.Reports;

/// <summary><c>CFI failure at CALLER (target: TARGET; expected type: HASH)</c>.</summary>
/// <param name="Caller">Where the check stands.</param>
/// <param name="Target">What was to be called, when it has a name.</param>
/// <param name="TargetAddress">What was to be called, when it was printed as an address.</param>
/// <param name="ExpectedType">The type hash that the caller expects before the target, as randomised at this boot.</param>
/// <param name="Line">The line of the input, from 1.</param>
internal sealed record CfiMismatch(SymbolReference? Caller, SymbolReference? Target, ulong? TargetAddress, uint ExpectedType, int Line);
