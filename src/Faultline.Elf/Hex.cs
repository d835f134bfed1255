namespace Faultline.Elf;

/// <summary>Numbers in messages.</summary>
internal static class Hex
{
    /// <summary>"0x" and lower-case digits.</summary>
    public static string Of(ulong value) => $"0x{value:x}";

    /// <summary>The end of a range as text, right even where it does not fit 64 bits.</summary>
    public static string End(ulong start, ulong size) => $"0x{(UInt128)start + size:x}";
}
