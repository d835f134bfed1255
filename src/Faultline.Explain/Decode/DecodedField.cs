namespace Faultline.Explain.Decode;

/// <summary>One part of a decoded value.</summary>
/// <param name="Place">Where it stands: bits (<c>31</c>, <c>51:12</c>), bytes (<c>48 8b</c>), an offset (<c>+0x04</c>); empty for a derived part.</param>
/// <param name="Name">Its name in the manual's spelling.</param>
/// <param name="Value">Its value, as printed.</param>
/// <param name="Meaning">What that value means.</param>
internal readonly record struct DecodedField(string Place, string Name, string Value, string Meaning);
