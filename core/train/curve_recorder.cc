// SPDX-License-Identifier: MIT
#include "train/curve_recorder.h"

#include "train/prediction.h"

namespace descent::train {

void CurveRecorder::note(record::Metric metric, double value, double record::Run::*last) {
  run_.curve.push_back({epoch_, metric, value});
  if (last) run_.*last = value;
}

template <class T>
void CurveRecorder::measure(ModelPass<T>& pass, host::Loss<T>* loss, const Training& training,
                            const MeasuredSet& set) {
  note(set.loss, pass.evaluate(loss), set.last_loss);
  if (!loss) return;
  if (training.estimated() == Estimated::classes)
    note(set.accuracy,
         accuracy((*training.loss())->prediction, pass.prediction(), pass.samples().targets),
         set.last_accuracy);
}

template void CurveRecorder::measure(ModelPass<float>&, host::Loss<float>*, const Training&,
                                     const MeasuredSet&);
template void CurveRecorder::measure(ModelPass<double>&, host::Loss<double>*, const Training&,
                                     const MeasuredSet&);

}  // namespace descent::train
