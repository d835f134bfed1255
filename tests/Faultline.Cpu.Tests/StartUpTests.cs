using System.Reflection;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using Iced.Intel;

namespace Faultline.Cpu.Tests;

/// <summary>What makes a start short (docs/decisions/start-up.md).</summary>
public class StartUpTests
{
    [Fact]
    public void ThePreparationRunsToItsEnd() => Assert.Equal(ExitReason.SystemCall, Preparation.RunOnce());

    /// <summary>Methods that touch an object with such a field are left to the JIT: two hundred at the first region, once.</summary>
    [Fact]
    public void NothingHoldsAnInteger128()
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Assert.Empty(
            from type in typeof(Processor).Assembly.GetTypes()
            from field in type.GetFields(All)
            where field.FieldType == typeof(UInt128) || field.FieldType == typeof(Int128)
            select $"{type}.{field.Name}");
    }

    [Fact]
    public void FactsAreKeptForEachRegister()
    {
        VectorFacts facts = VectorFacts.None;
        for (int i = 0; i < 16; i++)
            facts = facts.With(i, i + 1);
        for (int i = 0; i < 16; i++)
            Assert.Equal(i + 1, facts[i]);
        VectorFacts others = facts.With(3, 0).With(12, VectorFacts.All);
        Assert.Equal(0, others[3]);
        Assert.Equal(VectorFacts.All, others[12]);
        Assert.Equal(VectorFacts.None.With(3, 4), facts.Except(others));
        Assert.Equal(facts.With(12, 13 & VectorFacts.All).With(3, 0), facts & others);
        Assert.Equal(facts.With(12, 13 | VectorFacts.All), facts | others);
        Assert.False(VectorFacts.None.With(15, 1).IsNone);
        Assert.True(facts.Except(facts).IsNone);
    }

    /// <summary>The translator tells them by the feature in their rows; to ask the decoder's library for opcodes would cost a start eight milliseconds.</summary>
    [Fact]
    public void TheX87FormsAreTheEscapeOpcodesAndWait()
    {
        foreach (Code code in Enum.GetValues<Code>())
        {
            InstructionForm form = InstructionTable.Lookup(code);
            if (form.Shape == FormShape.None)
                continue;
            OpCodeInfo opcode = code.ToOpCode();
            bool isEscape = opcode.Encoding == EncodingKind.Legacy && opcode.Table == OpCodeTableKind.Normal
                && (opcode.OpCode is 0x9B or (>= 0xD8 and <= 0xDF) || (opcode.OpCode >> 8 is >= 0xD8 and <= 0xDF && opcode.OpCodeLength == 2));
            Assert.True(isEscape == (X87Forms.Lookup(code).Feature == CpuFeature.X87), code.ToString());
        }
    }
}
