using Iced.Intel;

namespace Faultline.Cpu.Table;

/// <summary>
/// The one instruction table. Each part is a switch over the decoder's codes, so that a row costs nothing until its instruction is first
/// decoded; parts are laid out like the manual's opcode map.
/// </summary>
internal static class InstructionTable
{
    /// <summary>The row of what a code means in a processor model; <see cref="FormShape.None"/> when that model does not have it.</summary>
    public static InstructionForm Lookup(Code code, CpuModel model)
    {
        InstructionForm form = Lookup(model.Effective(code));
        return model.Lacks(form) is null ? form : default;
    }

    /// <summary>The row of a form; <see cref="FormShape.None"/> when there is none.</summary>
    public static InstructionForm Lookup(Code code)
    {
        InstructionForm form = MoveForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = IntegerForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = ShiftForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = BitForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = MultiplyForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = BranchForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = StringForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = SystemForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = SseMoveForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = SseIntegerForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = Sse4Forms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = X87Forms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = SseFloatForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = MmxForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = AvxMoveForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = AvxIntegerForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = AvxShuffleForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = AvxFloatForms.Lookup(code);
        if (form.Shape == FormShape.None)
            form = FmaForms.Lookup(code);
        return form;
    }
}
