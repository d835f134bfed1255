using System.Text;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>The instruction table against the decoder's own metadata, over every form.</summary>
public sealed unsafe class TableMetadataTests
{
    [Fact]
    public void ClassFollowsControlFlow()
    {
        StringBuilder wrong = new();
        foreach (Code code in DifferentialSettings.TableForms)
        {
            Instruction instruction = new() { Code = code };
            InstructionClass type = InstructionTable.Lookup(code).Class;
            bool fits = instruction.FlowControl switch
            {
                FlowControl.Next => type is InstructionClass.Plain or InstructionClass.Serialising || MayLeave(code.Mnemonic()),
                // SYSCALL counts as a call; INT n, INT1, INT3 as interrupts; UD0 to UD2 as exceptions.
                FlowControl.Call or FlowControl.IndirectCall => type is InstructionClass.Branch or InstructionClass.System,
                FlowControl.Interrupt or FlowControl.Exception => type is InstructionClass.System or InstructionClass.Branch,
                _ => type is InstructionClass.Branch or InstructionClass.System,
            };
            if (!fits)
                wrong.AppendLine($"{code}: {instruction.FlowControl} but {type}");
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    [Fact]
    public void FeatureFollowsCpuid()
    {
        StringBuilder wrong = new();
        foreach (Code code in DifferentialSettings.TableForms)
        {
            Instruction instruction = new() { Code = code };
            CpuFeature feature = InstructionTable.Lookup(code).Feature;
            bool fits = false;
            foreach (CpuidFeature expected in instruction.CpuidFeatures)
                fits |= CpuidFeatures.Fits(feature, expected);
            if (!fits)
                wrong.AppendLine($"{code}: {feature}, the decoder says {string.Join(", ", instruction.CpuidFeatures)}");
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    /// <summary>Runs every form and looks for status flags that changed although the decoder says the form leaves them alone.</summary>
    [Fact]
    public void UnmodifiedFlagsStay()
    {
        const int cases = 20;
        StringBuilder wrong = new();
        using GuestRunner guest = new();
        foreach (Code code in DifferentialSettings.TableForms.Where(c => GuestRunner.Model.Has(InstructionTable.Lookup(c).Feature) && c.ToOpCode().Mode64))
        {
            // A rotation through the carry by a multiple of its width counts as none for the decoder; processors set OF from the count before that.
            if (code.Mnemonic() is Mnemonic.Syscall or Mnemonic.Rcl or Mnemonic.Rcr)
                continue;
            for (int i = 0; i < cases; i++)
            {
                if (CaseGenerator.OfForm(code, 7, i) is not { } test)
                    continue;
                MachineState state = test.Initial;
                guest.Run(test, ref state, test.Data);
                uint kept = ~UndefinedResults.ToRflags(test.Instructions[0].RflagsModified) & (Rflags.Status | Rflags.DF);
                // OF is undefined for every masked count but 0 and 1, those that rotate all the way round included.
                if (code.Mnemonic() is Mnemonic.Rcl or Mnemonic.Rcr)
                    kept &= ~Rflags.OF;
                if (((state.Rflags ^ test.Initial.Rflags) & kept) == 0)
                    continue;
                wrong.AppendLine($"{code}: changed {(state.Rflags ^ test.Initial.Rflags) & kept:x}, {test.Name}");
                break;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    /// <summary>Instructions after which a block must end although control goes on: what was decoded may no longer hold.</summary>
    private static bool MayLeave(Mnemonic mnemonic) => mnemonic is Mnemonic.Hlt or Mnemonic.Popf or Mnemonic.Popfq or Mnemonic.Syscall;
}
