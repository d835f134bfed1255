using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faultline.Cpu.Translator;

/// <summary>Conversions between vector widths that translated code calls; the JIT makes an instruction of each, or none.</summary>
internal static class VectorGlue
{
    /// <summary>Zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Zero() => default;

    /// <summary>Bits 0 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lower(Vector256<byte> v) => v.GetLower();

    /// <summary>Bits 128 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Upper(Vector256<byte> v) => v.GetUpper();

    /// <summary>Replaces bits 0 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> WithLower(Vector256<byte> v, Vector128<byte> lower) => v.WithLower(lower);

    /// <summary>Zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Extend(Vector128<byte> lower) => lower.ToVector256();

    /// <summary>Two halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Join(Vector128<byte> lower, Vector128<byte> upper) => Vector256.Create(lower, upper);

    /// <summary>A 4-byte scalar, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Scalar32(uint value) => Vector128.CreateScalar(value).AsByte();

    /// <summary>An 8-byte scalar, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Scalar64(ulong value) => Vector128.CreateScalar(value).AsByte();

    /// <summary>The low 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToUInt32(Vector128<byte> v) => v.AsUInt32().ToScalar();

    /// <summary>The low 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToUInt64(Vector128<byte> v) => v.AsUInt64().ToScalar();

    /// <summary>The low 4 bytes of the second vector, the rest of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Merge32(Vector128<byte> v, Vector128<byte> low) => v.AsUInt32().WithElement(0, low.AsUInt32().ToScalar()).AsByte();

    /// <summary>The low 8 bytes of the second vector, the rest of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Merge64(Vector128<byte> v, Vector128<byte> low) => v.AsUInt64().WithElement(0, low.AsUInt64().ToScalar()).AsByte();

    /// <summary>The low 8 bytes, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Low64(Vector128<byte> v) => Vector128.CreateScalar(v.AsUInt64().ToScalar()).AsByte();

    /// <summary>One of these methods.</summary>
    public static MethodInfo Method(string name) => typeof(VectorGlue).GetMethod(name) ?? throw new MissingMethodException(nameof(VectorGlue), name);
}
