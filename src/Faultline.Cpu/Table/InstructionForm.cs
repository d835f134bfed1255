using Faultline.Cpu.Interpreter.Direct;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Table;

/// <summary>
/// One row of the instruction table: what a form means, how its operands reach the body, and which feature it belongs to. What the form's operands
/// are, the decoder's own metadata says; it is not repeated here.
/// </summary>
/// <param name="Shape">How operands reach the body.</param>
/// <param name="Width">Operand width in bytes, where the shape has one.</param>
/// <param name="Body">The body, a static method whose signature the shape determines; 0 where there is none.</param>
/// <param name="Feature">The CPUID feature.</param>
/// <param name="Class">Its effect on control and ordering.</param>
internal readonly unsafe partial record struct InstructionForm(FormShape Shape, byte Width, nint Body, CpuFeature Feature, InstructionClass Class)
{
    /// <summary>
    /// For the hottest forms: gives an interpreter handler with the body compiled in for some operand kinds, or null for the ordinary handler. A
    /// delegate*&lt;OperandKinds, delegate*&lt;CpuState*, Operation*, Operation*&gt;&gt;, or 0.
    /// </summary>
    public nint Direct { get; init; }

    // Constructors by the body's signature: overload resolution derives shape and width, so a row cannot state them wrongly. (Overloads that
    // differ only in parameters are ambiguous for a void method, so those carry the width in their name.)

    public static InstructionForm Whole(delegate*<CpuState*, Operation*, void> body, CpuFeature feature = CpuFeature.Base, InstructionClass type = InstructionClass.Plain) =>
        new(FormShape.Whole, 0, (nint)body, feature, type);

    public static InstructionForm WholeBranch(delegate*<CpuState*, Operation*, void> body, CpuFeature feature = CpuFeature.Base) =>
        new(FormShape.WholeBranch, 0, (nint)body, feature, InstructionClass.Branch);

    public InstructionForm With(delegate*<OperandKinds, delegate*<CpuState*, Operation*, Operation*>> direct) => this with { Direct = (nint)direct };

    public static InstructionForm Rmw(delegate*<CpuState*, byte, byte, byte> body) => new(FormShape.Rmw, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Rmw(delegate*<CpuState*, ushort, ushort, ushort> body) => new(FormShape.Rmw, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Rmw(delegate*<CpuState*, uint, uint, uint> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Rmw, 4, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Rmw(delegate*<CpuState*, ulong, ulong, ulong> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Rmw, 8, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Read8(delegate*<CpuState*, byte, byte, void> body) => new(FormShape.Read, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Read16(delegate*<CpuState*, ushort, ushort, void> body) => new(FormShape.Read, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Read32(delegate*<CpuState*, uint, uint, void> body) => new(FormShape.Read, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Read64(delegate*<CpuState*, ulong, ulong, void> body) => new(FormShape.Read, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Modify(delegate*<CpuState*, byte, byte> body) => new(FormShape.Modify, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Modify(delegate*<CpuState*, ushort, ushort> body) => new(FormShape.Modify, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Modify(delegate*<CpuState*, uint, uint> body) => new(FormShape.Modify, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Modify(delegate*<CpuState*, ulong, ulong> body) => new(FormShape.Modify, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Shift(delegate*<CpuState*, byte, byte, byte> body) => new(FormShape.Shift, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Shift(delegate*<CpuState*, ushort, byte, ushort> body) => new(FormShape.Shift, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Shift(delegate*<CpuState*, uint, byte, uint> body) => new(FormShape.Shift, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Shift(delegate*<CpuState*, ulong, byte, ulong> body) => new(FormShape.Shift, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm DoubleShift(delegate*<CpuState*, ushort, ushort, byte, ushort> body) => new(FormShape.DoubleShift, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm DoubleShift(delegate*<CpuState*, uint, uint, byte, uint> body) => new(FormShape.DoubleShift, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm DoubleShift(delegate*<CpuState*, ulong, ulong, byte, ulong> body) => new(FormShape.DoubleShift, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm Compute(delegate*<CpuState*, ushort, ushort> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute, 2, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Compute(delegate*<CpuState*, uint, uint> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute, 4, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Compute(delegate*<CpuState*, ulong, ulong> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute, 8, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Compute2(delegate*<CpuState*, ushort, ushort, ushort> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute2, 2, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Compute2(delegate*<CpuState*, uint, uint, uint> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute2, 4, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm Compute2(delegate*<CpuState*, ulong, ulong, ulong> body, CpuFeature feature = CpuFeature.Base) => new(FormShape.Compute2, 8, (nint)body, feature, InstructionClass.Plain);

    public static InstructionForm ExchangeAdd(delegate*<CpuState*, byte, byte, byte> body) => new(FormShape.ExchangeAdd, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm ExchangeAdd(delegate*<CpuState*, ushort, ushort, ushort> body) => new(FormShape.ExchangeAdd, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm ExchangeAdd(delegate*<CpuState*, uint, uint, uint> body) => new(FormShape.ExchangeAdd, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm ExchangeAdd(delegate*<CpuState*, ulong, ulong, ulong> body) => new(FormShape.ExchangeAdd, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm CompareExchange8(delegate*<CpuState*, byte, byte, void> body) => new(FormShape.CompareExchange, 1, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm CompareExchange16(delegate*<CpuState*, ushort, ushort, void> body) => new(FormShape.CompareExchange, 2, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm CompareExchange32(delegate*<CpuState*, uint, uint, void> body) => new(FormShape.CompareExchange, 4, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm CompareExchange64(delegate*<CpuState*, ulong, ulong, void> body) => new(FormShape.CompareExchange, 8, (nint)body, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm ConditionalMove(int width, delegate*<CpuState*, bool> condition) => new(FormShape.ConditionalMove, (byte)width, (nint)condition, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm SetCondition(delegate*<CpuState*, bool> condition) => new(FormShape.SetCondition, 1, (nint)condition, CpuFeature.Base, InstructionClass.Plain);

    public static InstructionForm ConditionalJump(delegate*<CpuState*, bool> condition) => new(FormShape.ConditionalJump, 0, (nint)condition, CpuFeature.Base, InstructionClass.Branch);

    /// <summary>A shape without a body that does not leave its block.</summary>
    public static InstructionForm Plain(FormShape shape, int width = 0, CpuFeature feature = CpuFeature.Base) => new(shape, (byte)width, 0, feature, InstructionClass.Plain);

    /// <summary>A shape without a body that ends its block.</summary>
    public static InstructionForm Branch(FormShape shape, int width = 8) => new(shape, (byte)width, 0, CpuFeature.Base, InstructionClass.Branch);
}
