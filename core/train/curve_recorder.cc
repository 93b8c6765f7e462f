// SPDX-License-Identifier: MIT
#include "train/curve_recorder.h"

#include <algorithm>
#include <string>

#include "train/measures.h"
#include "train/prediction.h"

namespace descent::train {

void CurveRecorder::note(record::Metric metric, double value, double record::Run::*last) {
  run_.curve.push_back({epoch_, metric, value});
  if (last) run_.*last = value;
  if (!record::is_measure(metric)) return;
  const auto known = std::ranges::find(run_.measures, metric, &record::MetricValue::metric);
  if (known != run_.measures.end())
    known->value = value;
  else
    run_.measures.push_back({metric, value});
}

template <class T>
void CurveRecorder::measure(ModelPass<T>& pass, host::Loss<T>* loss, const Training& training,
                            const MeasuredSet& set) {
  note(set.loss, pass.evaluate(loss), set.last_loss);
  if (!loss) return;
  if (has_accuracy(training.estimated()))
    note(set.accuracy,
         accuracy(training.meaning().kind, pass.prediction(), pass.samples().targets,
                  training.meaning().ignored),
         set.last_accuracy);
  const auto& measures = training.measures(set.set);
  const auto values =
      measured(measures, training.meaning(), pass.prediction(), pass.samples().targets);
  for (std::size_t i = 0; i < measures.size(); ++i)
    note(record::metric_of(measures[i], set.set), values[i]);
  if (training.settings().record.confusion) note_confusion(pass, training, set.set);
}

template <class T>
void CurveRecorder::note_confusion(ModelPass<T>& pass, const Training& training, record::Set set) {
  const auto& names = training.source().names();
  const auto matrices = confusions(training.meaning().kind, pass.prediction(),
                                   pass.samples().targets, training.meaning().ignored);
  const bool binary = names.classes.empty() && is_binary(training.meaning().kind);
  const auto label = [&](arma::uword i) {
    if (binary) return std::to_string(i);
    return names.classes.empty() ? names.targets[i] : names.classes[i];
  };
  const auto old = std::erase_if(
      run_.confusion, [&](const auto& cell) { return cell.epoch == epoch_ && cell.set == set; });
  (void)old;
  for (std::size_t k = 0; k < matrices.size(); ++k)
    for (arma::uword i = 0; i < matrices[k].n_rows; ++i)
      for (arma::uword j = 0; j < matrices[k].n_cols; ++j)
        if (matrices[k](i, j) > 0)
          run_.confusion.push_back(
              {epoch_, set, names.targets[binary ? k : 0], label(i), label(j), matrices[k](i, j)});
}

template void CurveRecorder::measure(ModelPass<float>&, host::Loss<float>*, const Training&,
                                     const MeasuredSet&);
template void CurveRecorder::measure(ModelPass<double>&, host::Loss<double>*, const Training&,
                                     const MeasuredSet&);

}  // namespace descent::train
