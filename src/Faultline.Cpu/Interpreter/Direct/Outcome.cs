using System.Runtime.CompilerServices;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>
/// How a comparison came out, as a number of three bits, and the conditions as sets of such numbers: so a handler that compares and jumps needs neither flags nor a version for each
/// condition.
/// </summary>
internal static class Outcome
{
    // Outcomes as bits of a set: those in which bit 0, 1 or 2 of the number is set.
    private const int Equal = 0b1010_1010;
    private const int Below = 0b1100_1100;
    private const int Less = 0b1111_0000;
    private const int All = 0b1111_1111;

    /// <summary>Of CMP: the operands are equal, the first is below as an unsigned number, less as a signed one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(bool equal, bool below, bool less) => Bit(equal) | (Bit(below) << 1) | (Bit(less) << 2);

    /// <summary>Of TEST: the result is zero, or negative; CF and OF are clear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(bool zero, bool negative) => Bit(zero) | (Bit(negative) << 2);

    /// <summary>The outcomes for which a condition holds, a bit for each; 0 for conditions that do not follow from outcomes.</summary>
    /// <param name="condition">The condition of the jump.</param>
    /// <param name="test">Whether the comparison is TEST, where "less" is the sign.</param>
    public static ushort Satisfying(ConditionCode condition, bool test) => condition switch
    {
        ConditionCode.e => Equal,
        ConditionCode.ne => All & ~Equal,
        ConditionCode.b => Below,
        ConditionCode.ae => All & ~Below,
        ConditionCode.be => Below | Equal,
        ConditionCode.a => All & ~(Below | Equal),
        ConditionCode.l => Less,
        ConditionCode.ge => All & ~Less,
        ConditionCode.le => Less | Equal,
        ConditionCode.g => All & ~(Less | Equal),
        ConditionCode.s when test => Less,
        ConditionCode.ns when test => All & ~Less,
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(bool value) => Unsafe.BitCast<bool, byte>(value);
}
