using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Explanations;

/// <summary>A register and what its value may be.</summary>
/// <param name="Register">The register.</param>
/// <param name="Value">What it may be.</param>
internal readonly record struct RegisterView(RegisterValue Register, ClassifiedValue Value)
{
    /// <summary>What to print beside the value: a number's other readings would stand beside most registers and are left out.</summary>
    public string Text
    {
        get
        {
            if (Value.Class == ValueClass.Zero)
                return "";
            int comma = Value.Class == ValueClass.Number ? Value.Text.IndexOf(',', StringComparison.Ordinal) : -1;
            return comma < 0 ? Value.Text : Value.Text[..comma];
        }
    }

    /// <summary>Classifies a register; flags and system call numbers are no values of a program's.</summary>
    public static RegisterView Of(RegisterValue register, ExplainContext context) => register.Name is "EFLAGS" or "RFLAGS" or "ORIG_RAX"
        ? new RegisterView(register, new ClassifiedValue(ValueClass.Number, ""))
        : new RegisterView(register, context.Classifier.Classify(register.Value, context));
}
