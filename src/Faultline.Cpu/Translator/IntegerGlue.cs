using System.Reflection;
using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Translator;

/// <summary>Small methods that translated integer code calls and the JIT inlines.</summary>
internal static class IntegerGlue
{
    /// <summary>The method of a name.</summary>
    public static MethodInfo Method(string name) => typeof(IntegerGlue).GetMethod(name) ?? throw new MissingMethodException(nameof(IntegerGlue), name);

    /// <summary>Whether a signed product does not fit 16 bits; so are the factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overflows16(int a, int b) => a * b != (short)(a * b);

    /// <summary>Whether a signed product does not fit 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overflows32(int a, int b) => (long)a * b != a * b;

    /// <summary>Whether a signed product does not fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overflows64(long a, long b) => Math.BigMul(a, b, out _) != (a * b) >> 63;

    /// <summary>The upper half of an unsigned product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UpperUnsigned(ulong a, ulong b) => Math.BigMul(a, b, out _);

    /// <summary>The upper half of a signed product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long UpperSigned(long a, long b) => Math.BigMul(a, b, out _);
}
